import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { addDays, shanghaiDay } from '#libs/calendar';
import { Clock, GatewayError } from '#libs/platform';
import { gradesOf, type Grading, type MetricValue, type Publicity, type SchemeDocument } from '#libs/scheme';
import { type Staff, staffCovers } from '#libs/staff';
import { AssessmentResults, type Result } from '../assessment/results.service.js';
import type { PlaceTree } from '../places/place-tree.js';
import { Places } from '../places/places.service.js';
import type { Board, BoardLine } from '../printed/board.js';
import { printedName } from '../printed/printed-name.js';
import { CountySchemes } from '../schemes/county-schemes.js';
import { openRectifications, type Rectification } from './rectifications.js';

/** Most that one board names. */
const SHOWN = 400;
/** Where a board of a group may hang: among the people it names. */
const GROUP_LEVELS: readonly string[] = ['village', 'community', 'grid'];

type BoardSurface = Board['surface'];

export interface BoardAsked {
  readonly surface: BoardSurface;
  /** Of a board of figures; may be left out where the scheme has one metric. */
  readonly metric?: string | undefined;
  /** Where it hangs; the scheme's own place unless named. */
  readonly place?: string | undefined;
}

/** What a place shows of a released run, within the scheme's own scope, and what is to be put right. */
@Injectable()
export class Boards {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
    private readonly places: Places,
    private readonly schemes: CountySchemes,
    private readonly results: AssessmentResults,
  ) {}

  /**
   * @throws GatewayError NOT_FOUND (also outside the places of who asks, and for a surface that the scheme does not show),
   *   RUN_NOT_RELEASED, BOARD_OVER (its days have passed), PLACE_LEVEL_WRONG (a board of a group for more than a village)
   */
  async board(run: string, { surface, metric, place: asked }: BoardAsked, staff: Staff): Promise<Board> {
    const tree = await this.places.tree();
    const isRanked = surface === 'board' || surface === 'pyramid' || surface === 'screen';
    const read = (of: Pick<BoardAsked, 'metric'> & { readonly grading?: string; readonly grade?: string }) =>
      this.results.read(run, { ...of, place: asked, offset: 0, limit: SHOWN }, staff);
    const { document, period, releasedAt } = await this.results.about(run, asked, staff);
    const shown = (document.publicity ?? []).find((each) => each.surface === surface && isOn(each));
    if (shown === undefined) throw new GatewayError('NOT_FOUND');
    if (releasedAt === null) throw new GatewayError('RUN_NOT_RELEASED');
    const place = asked ?? document.place;
    const until = shown.days === undefined ? null : addDays(shanghaiDay(releasedAt), shown.days);
    if (until !== null && until < this.schemes.today()) throw new GatewayError('BOARD_OVER');
    if (shown.scope === 'group' && !GROUP_LEVELS.includes(tree.get(place)?.level ?? ''))
      throw new GatewayError('PLACE_LEVEL_WRONG');
    const lists: Board['lists'][number][] = [];
    if (isRanked) lists.push({ title: '', lines: (await read({ metric })).results.flatMap(rankedLine) });
    else if (surface === 'black_list')
      lists.push({ title: '', lines: (await this.open(document, tree, place)).map(doorLine) });
    else
      for (const grading of document.gradings.filter(surface === 'honour' ? isHonour : isRedListed)) {
        const { results } = await read({ grading: grading.id, grade: gradesOf(grading)[0]! });
        lists.push({ title: grading.label_zh ?? '', lines: results.map(namedLine) });
      }
    const printed = { by: staff.username, at: this.clock.now() };
    const placeName = tree.get(place)?.name ?? '';
    return { surface, scheme: document.name_zh, place: placeName, period, lists, until, printed };
  }

  /**
   * Households whose last inspection found the worst word, in the places of who asks.
   * @throws GatewayError NOT_FOUND
   */
  async rectifications(scheme: string, staff: Staff): Promise<readonly Rectification[]> {
    const [tree, book] = await Promise.all([this.places.tree(), this.schemes.book()]);
    const document = book.inForce(scheme, this.schemes.today())?.document;
    const within = tree.within(document?.place ?? '').filter((place) => staffCovers(staff, place, tree));
    if (document === undefined || within.length === 0) throw new GatewayError('NOT_FOUND');
    return openRectifications(this.database.manager, document, within);
  }

  /** As it stands today: what was put right since is no longer shown. */
  private open(document: SchemeDocument, tree: PlaceTree, place: string): Promise<readonly Rectification[]> {
    return openRectifications(this.database.manager, document, tree.within(place));
  }
}

/** A black list is off unless its place turned it on (domain G8). */
function isOn({ surface, enabled }: Publicity): boolean {
  return surface === 'black_list' ? enabled === true : enabled !== false;
}

function isHonour(grading: Grading): boolean {
  return 'predicate' in grading || 'relative' in grading;
}

function isRedListed(grading: Grading): boolean {
  return 'labels' in grading || 'bands' in grading;
}

function rankedLine(result: Result): readonly BoardLine[] {
  const { rank, value } = result;
  return rank === null || value === undefined ? [] : [{ rank, who: printedName(result), value: printedValue(value) }];
}

function namedLine(result: Result): BoardLine {
  return { rank: null, who: printedName(result), value: '' };
}

/** By the door and never by a name. */
function doorLine({ doorNumber, handle, since }: Rectification): BoardLine {
  return { rank: null, who: doorNumber ?? handle, value: since };
}

/** Exact where it is whole, else to two places; what decides is the fraction. */
function printedValue(value: MetricValue): string {
  if ('label' in value) return value.label;
  return value.num % value.den === 0 ? String(value.num / value.den) : (value.num / value.den).toFixed(2);
}
