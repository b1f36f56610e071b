import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadDocument, loadDocuments } from './index.js';

const SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'map'],
  properties: {
    id: { type: 'string' },
    from: { type: 'string', format: 'date' },
    map: { type: 'object', additionalProperties: { enum: ['A', 'AA', 'AAA'] } },
  },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xinqiao-documents-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

describe('configuration documents', () => {
  it('are read in the order of their names, other files left alone', async () => {
    await file('b.json', '{"id":"b","map":{}}');
    await file('a.json', '{"id":"a","map":{"x/y":"AA"},"from":"2026-11-22"}');
    await file('readme.md', 'not a document');
    await expect(loadDocuments<{ readonly id: string }>(folder, SCHEMA)).resolves.toMatchObject([
      { id: 'a' },
      { id: 'b' },
    ]);
  });

  it('are refused naming the file and the JSON Pointer of every fault', async () => {
    const path = await file('table.json', '{"map":{"x/y":"B"},"from":"2026-02-30","colour":1}');
    await expect(loadDocument(path, SCHEMA)).rejects.toMatchObject({ code: 'CONFIG_DOCUMENT_INVALID' });
    const message: unknown = await loadDocument(path, SCHEMA).catch((error: unknown) => String(error));
    for (const part of [
      path,
      '/id is missing',
      '/colour is not allowed here',
      '/map/x~1y must be one of A, AA, AAA',
      '/from',
    ])
      expect(message).toContain(part);
  });

  it('are refused with line and column where the text stops being JSON', async () => {
    const path = await file('cut.json', '{\n  "id": "a"\n  "map": {}\n}');
    await expect(loadDocument(path, SCHEMA)).rejects.toMatchObject({
      code: 'CONFIG_DOCUMENT_INVALID',
      detail: expect.stringContaining('line 3, column 3'),
    });
  });

  it('are refused when file or folder cannot be read', async () => {
    const refused = { code: 'CONFIG_DOCUMENT_INVALID', detail: expect.stringContaining('ENOENT') };
    await expect(loadDocument(join(folder, 'none.json'), SCHEMA)).rejects.toMatchObject(refused);
    await expect(loadDocuments(join(folder, 'none'), SCHEMA)).rejects.toMatchObject(refused);
  });
});
