import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';
import type { PlaceKind, PlaceLevel } from './place-tree.js';

/** The id of a place: a code, or one with slugs below it. */
export const PLACE_ID = /^[0-9]{6}([0-9]{3}([0-9]{3})?)?(-[a-z0-9]+)*$/;

/** What a county adds itself; towns and subdistricts come with the register. */
const ADDED_LEVELS = ['functional_zone', 'area', 'community', 'village', 'grid'] as const;

const PLACE_NAME = /^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}·.（）() -]{0,59}$/u;

export class AddPlaceRequest {
  @ApiProperty({
    example: '371002101-nanjiao',
    description: "The code of twelve digits; where there is none, the parent's id, a hyphen and a slug. Never the name",
  })
  @Matches(PLACE_ID)
  @MaxLength(64)
  id!: string;

  @ApiProperty({ enum: ADDED_LEVELS })
  @IsIn(ADDED_LEVELS)
  level!: (typeof ADDED_LEVELS)[number];

  @ApiProperty({ example: '371002101', description: 'Id of the place it lies in' })
  @Matches(PLACE_ID)
  @MaxLength(64)
  parent!: string;

  @ApiProperty({ example: '南郊村', maxLength: 60 })
  @IsString()
  @Matches(PLACE_NAME, { message: 'must be a name of 1 to 60 letters and digits' })
  name!: string;
}

export class PlaceAnswer {
  @ApiProperty({ example: '371002101-nanjiao' })
  id!: string;

  @ApiProperty({ type: String, nullable: true, description: 'GB/T 2260 and its extension' })
  code!: string | null;

  @ApiProperty({ example: 'village' })
  level!: PlaceLevel;

  @ApiProperty({ enum: ['admin', 'functional_zone', 'local'] })
  kind!: PlaceKind;

  @ApiProperty({ example: '南郊村' })
  name!: string;

  @ApiProperty({ type: String, nullable: true, description: 'Null for the county itself' })
  parent!: string | null;
}

export class PlacesAnswer {
  @ApiProperty({ description: 'The county itself' })
  county!: string;

  @ApiProperty({ type: [PlaceAnswer], description: 'By id' })
  places!: PlaceAnswer[];
}
