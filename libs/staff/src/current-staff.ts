import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GatewayError } from '#libs/platform';
import type { Staff } from './staff.js';

/** What the guard found out about a request. */
export interface Admission {
  readonly staff: Staff;
  readonly token: string;
}

const admissions = new WeakMap<object, Admission>();

export function rememberStaff(request: object, admission: Admission): void {
  admissions.set(request, admission);
}

/** Hands the signed-in account (`Staff`) to a handler. On a public route there is none: STAFF_TOKEN_MISSING. */
export const CurrentStaff = createParamDecorator(
  (_data: unknown, context: ExecutionContext) => admissionOf(context).staff,
);

/** Hands over account and token, for ending the very session that asks. */
export const CurrentAdmission = createParamDecorator((_data: unknown, context: ExecutionContext) =>
  admissionOf(context),
);

function admissionOf(context: ExecutionContext): Admission {
  const admission = admissions.get(context.switchToHttp().getRequest<object>());
  if (admission === undefined) throw new GatewayError('STAFF_TOKEN_MISSING');
  return admission;
}
