/**
 * What a process needs before it loads Nest, and a tool that never does: coded errors, configuration, key files, the main
 * function. Also reachable through the index; this entry loads a tenth as long.
 */
export { ERRORS, isErrorCode, type ErrorCode } from './error-codes.js';
export { GatewayError, type FieldFault, type GatewayErrorOptions } from './gateway-error.js';
export { readKeyFile } from './key-store.js';
export { loadConfig, type Environment } from './load-config.js';
export { LOG_LEVELS, type LogLevel } from './log-level.js';
export { openSigner, publishedKeys } from './open-signer.js';
export { runMain, type Closable, type MainProcess } from './run-main.js';
