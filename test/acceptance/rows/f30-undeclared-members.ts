import { undeclaredProof } from '#apps/standalone';
import { signDocument } from '#libs/alliance';
import { nodeCrypto } from '#libs/jose-profile/node';
import type { Alliance } from '../alliance.js';
import { allianceRow, NO_PROOF, refusalOf, said, show } from '../alliance-row.js';
import { equal } from '../expectations.js';
import type { Row } from '../row.js';

interface Member {
  readonly name: string;
  readonly id: string;
  readonly place: string;
  readonly called: string;
}

/** [003] Members of the alliance of F29 whose own schemes nobody has described. */
const DAIYUE = { name: '岱岳', called: '岱岳区', id: 'https://daiyue.example', place: '370911' };
const JUXIAN = { name: '莒县', called: '莒县', id: 'https://juxian.example', place: '371122' };
const SHANTING = { name: '山亭', called: '山亭区', id: 'https://shanting.example', place: '370406' };
const JIYUAN = { name: '济源', called: '济源示范区', id: 'https://jiyuan.example', place: '419001' };
const RUGAO = { name: '如皋', called: '如皋市', id: 'https://rugao.example', place: '320682' };

export const UNDECLARED: readonly Member[] = [DAIYUE, JUXIAN, SHANTING, JIYUAN, RUGAO];

export const f30 = rowOf('F30', DAIYUE);
export const f31 = rowOf('F31', JUXIAN);
export const f32 = rowOf('F32', SHANTING);
export const f33 = rowOf('F33', JIYUAN);
export const f34 = rowOf('F34', RUGAO);

/** A letter of the member's own, which it signs with the key that the alliance lists for it. */
export function ownSchemeOf({ place }: Member): string {
  return `cn-${place}-own`;
}

/** What the open look-up says of the member's AA; nothing is guessed from the letter. */
export async function bandOfAa(alliance: Alliance, member: Member): Promise<string> {
  const scheme = ownSchemeOf(member);
  const answer = await alliance.federation.get<LookedUp>(`/v1/equivalence?scheme=${scheme}&grade=AA`);
  const { reason = 'none', fingerprint, band, table } = answer;
  equal(`what is known of ${scheme}`, { fingerprint, band, table }, { fingerprint: null, band: null, table: null });
  return reason;
}

interface LookedUp {
  readonly fingerprint: string | null;
  readonly band: string | null;
  readonly table: object | null;
  readonly reason?: string;
}

function rowOf(row: string, member: Member): Row {
  return allianceRow(row, 'NOT_DECLARED', async (alliance) => {
    const { members } = await alliance.federation.get<{ members: readonly { readonly id: string }[] }>('/v1/members');
    const slot = members.find(({ id }) => id === member.id);
    const { id, place, called: zh } = member;
    equal('the member', withoutEnglish(slot), { id, place, name: zh, status: 'not_declared', schemes: [] });
    const proof = await undeclaredProof(alliance, { ...member, scheme: ownSchemeOf(member) }, 'rugao-spot');
    for (const [offer, threshold] of [
      ['rugao-half-a', 'A'],
      ['rugao-free-aa', 'AA'],
    ] as const) {
      const answer = await show(alliance, { site: 'rugao-spot-east', offer }, proof, threshold);
      equal(`its own ${threshold} at a gate`, said(answer), NO_PROOF);
    }
    equal('a table of its own', await tableRefused(alliance, member), 'DOCUMENT_REFERENCE_MISSING');
    const reason = await bandOfAa(alliance, member);
    return {
      figure: `${zh} ${place} is a member, no mapping declared; its AA opens nothing`,
      negative: reason.toUpperCase(),
    };
  });
}

function withoutEnglish(slot: object | undefined): object {
  const { name, ...rest } = (slot ?? {}) as { readonly name?: { readonly zh: string } };
  return { ...rest, name: name?.zh };
}

/** The county and two officers sign that its letters are the alliance's: before the scheme is declared nobody may say so. */
async function tableRefused(alliance: Alliance, member: Member): Promise<string> {
  const [first, second] = alliance.desk.two;
  const content = {
    id: `letters-${member.place}`,
    version: 1,
    scheme: { id: ownSchemeOf(member), fingerprint: 'AAAAAAAAAAAAAAAAAAAAAA' },
    map: { AAA: 'AAA', AA: 'AA', A: 'A' },
    excluded: ['B', 'C', 'D'],
    effectiveFrom: '2026-01-01',
  } as const;
  const signers = [(await alliance.keysOf(member.name)).signer('statement'), first.signer, second.signer];
  const { signatures } = await signDocument('table', content, signers, nodeCrypto);
  const filing = first.api.post('/v1/admin/documents', { payload: { type: 'table', ...content }, signatures });
  return refusalOf('a table of an undeclared scheme', filing);
}
