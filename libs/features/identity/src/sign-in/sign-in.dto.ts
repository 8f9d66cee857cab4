import { ApiFlag, ApiId, ApiInteger, ApiText, ApiWord } from '@scani/runtime';
import { IsEmail, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { NormalEmail } from '../users/users.dto.js';

export class SignInOptions {
  @ApiFlag() canSendMail!: boolean;
  @ApiWord('SignUp', ['open', 'invite', 'closed']) signUp!: 'open' | 'invite' | 'closed';
  @ApiFlag({ description: 'Nobody has an account yet; the first one becomes admin.' }) firstAccount!: boolean;
  @ApiFlag({ description: 'A demo portfolio is there to look at.' }) demo!: boolean;
}

export class CreateChallenge {
  @ApiText({ maxLength: 254 })
  @NormalEmail()
  @MaxLength(254)
  @IsEmail({}, { message: 'must be an e-mail address' })
  email!: string;
}

export class Challenge {
  @ApiId() challengeId!: string;
  @ApiInteger() linkMinutes!: number;
  @ApiInteger() codeMinutes!: number;
}

export class SubmitCode {
  @ApiId() @IsUUID() challengeId!: string;
  @ApiText() @Matches(/^\d{6}$/, { message: 'must be the 6 digits of the mail' }) code!: string;
}

export class SubmitLink {
  @ApiText() @IsString() @Length(20, 100) token!: string;
}
