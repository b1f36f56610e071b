import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { createServiceLog, describeFault, GatewayError } from './index.js';

const ID_NUMBER = '350102199001011234';

describe('failures in the log carry no data', () => {
  it('a failed query keeps SQLSTATE, table and constraint, and loses statement, parameters and sentence', () => {
    const driverError = Object.assign(new Error(`invalid input: "${ID_NUMBER}"`), {
      code: '23505',
      table: 'staff_account',
      constraint: 'staff_account_username_key',
      detail: `Key (id_number)=(${ID_NUMBER}) already exists.`,
    });
    const fault = describeFault(new QueryFailedError(`SELECT '${ID_NUMBER}'`, [ID_NUMBER], driverError));
    expect(fault).toMatchObject({
      faultCode: '23505',
      table: 'staff_account',
      constraint: 'staff_account_username_key',
    });
    expect(JSON.stringify(fault)).not.toContain(ID_NUMBER);
  });

  it('a JSON syntax error loses the text it quotes', () => {
    const parse = (): unknown => JSON.parse(`${ID_NUMBER}x`);
    let fault = {};
    try {
      parse();
    } catch (error) {
      fault = describeFault(new GatewayError('INTERNAL', { cause: error }));
    }
    expect(fault).toMatchObject({ faultCode: 'INTERNAL', cause: { fault: 'SyntaxError' } });
    expect(JSON.stringify(fault)).not.toContain(ID_NUMBER);
  });

  it('a thrown value that is not an error is named by its type only', () => {
    expect(describeFault(ID_NUMBER)).toEqual({ fault: 'string' });
  });

  it('a silent log writes nothing', () => {
    const lines: string[] = [];
    const log = createServiceLog({ service: 'x', level: 'silent', destination: { write: (line) => lines.push(line) } });
    log.fault('failed', new Error('x'));
    log.info('done');
    expect([lines, log.writesRequests]).toEqual([[], false]);
  });
});
