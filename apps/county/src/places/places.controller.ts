import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problems, PublicRoute } from '#libs/platform';
import { CurrentStaff, Roles, type Staff } from '#libs/staff';
import type { Place } from './place-tree.js';
import { AddPlaceRequest, PlaceAnswer, PlacesAnswer } from './places.dto.js';
import { Places } from './places.service.js';

@ApiTags('places')
@Controller('v1')
export class PlacesController {
  constructor(private readonly places: Places) {}

  @Get('places')
  @PublicRoute()
  @ApiOperation({ summary: 'The county and the places in it' })
  @ApiOkResponse({ type: PlacesAnswer })
  async read(): Promise<PlacesAnswer> {
    return { county: this.places.county, places: (await this.places.all()).map(answerOf) };
  }

  @Post('admin/places')
  @HttpCode(200)
  @Roles('manager')
  @Problems('PLACE_UNKNOWN', 'PLACE_OUT_OF_SCOPE', 'PLACE_LEVEL_WRONG', 'PLACE_DIFFERS')
  @ApiOperation({ summary: 'Add a village, community, zone, area or grid; repeating a request changes nothing' })
  @ApiOkResponse({ type: PlaceAnswer })
  async add(@Body() place: AddPlaceRequest, @CurrentStaff() staff: Staff): Promise<PlaceAnswer> {
    return answerOf(await this.places.add(place, staff));
  }
}

function answerOf({ id, code, level, kind, name, parent }: Place): PlaceAnswer {
  return { id, code, level, kind, name, parent };
}
