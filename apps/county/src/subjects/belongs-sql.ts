/**
 * SQL: whether a subject belongs to another on a day.
 * @param names SQL of the member, of whom it belongs to, and of the day
 */
export function belongsSql({ member, of, day }: Readonly<Record<'member' | 'of' | 'day', string>>): string {
  return `EXISTS (SELECT FROM membership WHERE membership.member = ${member} AND membership."of" = ${of}
    AND relation = 'member_of' AND voided_at IS NULL AND from_day <= ${day} AND (to_day IS NULL OR to_day >= ${day}))`;
}
