import { ValidatorConstraint, type ValidatorConstraintInterface } from 'class-validator';
import { isCalendarDay } from '#libs/calendar';

/** A day of the calendar, `YYYY-MM-DD`: no 30 February. */
@ValidatorConstraint({ name: 'calendarDay' })
export class CalendarDay implements ValidatorConstraintInterface {
  validate(value: unknown): boolean {
    return typeof value === 'string' && isCalendarDay(value);
  }

  defaultMessage(): string {
    return 'must be a day, YYYY-MM-DD';
  }
}
