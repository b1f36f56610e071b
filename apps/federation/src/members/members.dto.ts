import { ApiProperty } from '@nestjs/swagger';
import type { Name } from '#libs/alliance';
import type { MemberStatus } from './member-list.js';

class SchemeAnswer {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  fingerprint!: string;

  @ApiProperty({ description: 'Whether a table is in effect for it today' })
  mapped!: boolean;
}

class MemberAnswer {
  @ApiProperty({ example: 'https://daiyue.example' })
  id!: string;

  @ApiProperty({ example: '370911' })
  place!: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  name!: Name;

  @ApiProperty({
    enum: ['mapped', 'not_mapped', 'not_declared', 'suspended'],
    description: '`not_declared`: whatever it signs has no band, and none is guessed',
  })
  status!: MemberStatus;

  @ApiProperty({ type: [SchemeAnswer] })
  schemes!: readonly SchemeAnswer[];
}

export class MembersAnswer {
  @ApiProperty({ type: [MemberAnswer] })
  members!: readonly MemberAnswer[];
}
