import type { ErrorCode } from './error-codes.js';

const declared = new WeakMap<object, readonly ErrorCode[]>();

/**
 * Says which problems a route, or every route of a controller, may answer with; they appear in `/openapi.json`.
 * May be repeated: codes add up. Codes that follow from the route itself (its body, its rate limit) need no mention.
 */
export function Problems(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  return (target: object, _name?: string | symbol, descriptor?: PropertyDescriptor) => {
    const handler: unknown = descriptor === undefined ? target : descriptor.value;
    if (typeof handler !== 'function') throw new TypeError('@Problems decorates a class or a method');
    declared.set(handler, [...problemsOf(handler), ...codes]);
  };
}

/** The codes declared on a controller class or a handler. */
export function problemsOf(target: object): readonly ErrorCode[] {
  return declared.get(target) ?? [];
}
