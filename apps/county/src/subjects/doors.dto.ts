import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

export class ResolveDoorRequest {
  @ApiProperty({ maxLength: 200, description: 'What was scanned or typed: the link, or its code' })
  @IsString()
  @MaxLength(200)
  door!: string;
}

export class DoorAnswer {
  @ApiProperty({
    example: 'https://rongcheng.example/d#7K3M9QXR20VBTN6E4H5J',
    description: 'To print; shown this once',
  })
  link!: string;
}
