/** How --format writes bodies, beside the layouts of structs. Help loads this file where there is no addon. */
export const BODY_FORMATS = ['text', 'hex', 'base64', 'json', 'php'] as const;
