import { applyDecorators, Header } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { PAGE_POLICY } from './page.js';

/** A route that answers with a page to print. */
export const PrintedPage = (): MethodDecorator =>
  applyDecorators(
    Header('content-type', 'text/html; charset=utf-8'),
    Header('content-security-policy', PAGE_POLICY),
    Header('cache-control', 'no-store'),
    ApiProduces('text/html'),
    ApiOkResponse({ description: 'A page to print, A4, in Chinese' }),
  );

/** A route that answers with a table for a spreadsheet. */
export const PrintedTable = (file: string): MethodDecorator =>
  applyDecorators(
    Header('content-type', 'text/csv; charset=utf-8; header=present'),
    Header('content-disposition', `attachment; filename="${file}"`),
    Header('cache-control', 'no-store'),
    ApiProduces('text/csv'),
    ApiOkResponse({ description: 'The same as CSV (RFC 4180, UTF-8)' }),
  );
