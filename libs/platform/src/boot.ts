/**
 * What a process needs before it loads Nest: coded errors, configuration, the main function. Also reachable
 * through the index; this entry loads in a few milliseconds.
 */
export { ERRORS, isErrorCode, type ErrorCode } from './error-codes.js';
export { GatewayError, type FieldFault, type GatewayErrorOptions } from './gateway-error.js';
export { loadConfig, type Environment } from './load-config.js';
export { LOG_LEVELS, type LogLevel } from './log-level.js';
export { runMain, type Closable, type MainProcess } from './run-main.js';
