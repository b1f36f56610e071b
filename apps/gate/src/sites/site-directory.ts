import { Inject, Injectable } from '@nestjs/common';
import { GatewayError } from '#libs/platform';
import { type Staff, staffCovers } from '#libs/staff';
import { GATE_CONFIG, type GateConfig } from '../gate.config.js';

/** Where a visitor stands. A sale online has no lane. */
export interface Place {
  readonly partner: string;
  readonly site: string;
  readonly lane: string;
  /** A clerk stands there, who can compare a document. */
  readonly isAttended: boolean;
}

interface Site {
  readonly partner: string;
  readonly lanes: ReadonlySet<string>;
  readonly attended: ReadonlySet<string>;
}

/** Stands for the lane in what is decided online. No configured lane may have this name. */
export const ONLINE = 'online';

/** The partners, sites and lanes this gate serves, and which of them an account may act for. */
@Injectable()
export class SiteDirectory {
  private readonly partners = new Map<string, Site>();

  /** @throws GatewayError CONFIG_INVALID for a lane named like the online one */
  constructor(@Inject(GATE_CONFIG) config: GateConfig) {
    for (const { id: partner, sites } of config.partners)
      for (const { id, lanes, attended = [] } of sites) {
        if (lanes.includes(ONLINE)) throw new GatewayError('CONFIG_INVALID', { detail: `a lane is named ${ONLINE}` });
        this.partners.set(id, { partner, lanes: new Set(lanes), attended: new Set(attended) });
      }
  }

  /** The lane of a site that the account may act for. @throws GatewayError SITE_UNKNOWN, SITE_OUT_OF_SCOPE, LANE_UNKNOWN */
  laneFor(staff: Staff, site: string, lane: string): Place {
    const { partner, lanes, attended } = this.find(site);
    requireScope(staff, site);
    if (!lanes.has(lane)) throw new GatewayError('LANE_UNKNOWN');
    return { partner, site, lane, isAttended: attended.has(lane) };
  }

  /** The site's online sale, for an account that may act for it. @throws GatewayError SITE_UNKNOWN, SITE_OUT_OF_SCOPE */
  onlineFor(staff: Staff, site: string): Place {
    const { partner } = this.find(site);
    requireScope(staff, site);
    return { partner, site, lane: ONLINE, isAttended: false };
  }

  private find(site: string): Site {
    const found = this.partners.get(site);
    if (found === undefined) throw new GatewayError('SITE_UNKNOWN');
    return found;
  }
}

/** An account confined to a site acts for that site only. @throws GatewayError SITE_OUT_OF_SCOPE */
export function requireScope(staff: Staff, site: string): void {
  if (!staffCovers(staff, site)) throw new GatewayError('SITE_OUT_OF_SCOPE');
}
