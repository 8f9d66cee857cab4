import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminOnly, Me, type Principal } from '@scani/identity';
import { ApiProblems, PageQuery } from '@scani/runtime';
import type { FastifyReply } from 'fastify';
import { EventStream } from './event.stream.js';
import { DeadJobPage, Job, JobPage, JobQuery } from './job-board.dto.js';
import { JobBoardService } from './job-board.service.js';

const HEARTBEAT_MS = 15_000;
const RETRY_MS = 2_000;

@ApiTags('Jobs')
@ApiProblems()
@Controller('api')
export class JobBoardController {
  constructor(
    private readonly board: JobBoardService,
    private readonly stream: EventStream,
  ) {}

  @Get('jobs')
  @ApiOkResponse({ type: JobPage })
  listJobs(@Me() me: Principal, @Query() query: JobQuery): Promise<JobPage> {
    return this.board.list(me.userId, query.state, query.limit, query.cursor);
  }

  @Get('jobs/:id')
  @ApiOkResponse({ type: Job })
  getJob(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Job> {
    return this.board.get(me.userId, id);
  }

  @Post('jobs/:id/retry')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Job })
  retryJob(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Job> {
    return this.board.retry({ userId: me.userId }, id);
  }

  @Post('jobs/:id/cancellation')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Job })
  cancelJob(@Me() me: Principal, @Param('id', ParseUUIDPipe) id: string): Promise<Job> {
    return this.board.cancel(me.userId, id);
  }

  /** Server-sent events: `job` with a Job, `portfolio`, `import` with `{ id, state }`. */
  @Get('events')
  @ApiOperation({ operationId: 'streamEvents' })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  streamEvents(@Me() me: Principal, @Res() reply: FastifyReply): void {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    raw.write(`retry: ${RETRY_MS}\n\n`);
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
    const stop = this.stream.listen(
      me.userId,
      ({ type, data }) => raw.write(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`),
      // A client that does not hang up would keep a draining process alive.
      () => raw.end(() => raw.socket?.destroySoon()),
    );
    raw.on('close', () => {
      clearInterval(heartbeat);
      stop();
    });
  }

  @AdminOnly()
  @Get('admin/dead-jobs')
  @ApiOkResponse({ type: DeadJobPage })
  listDeadJobs(@Query() query: PageQuery): Promise<DeadJobPage> {
    return this.board.dead(query.limit, query.cursor);
  }

  @AdminOnly()
  @Post('admin/dead-jobs/:id/retry')
  @HttpCode(202)
  @ApiAcceptedResponse({ type: Job })
  retryDeadJob(@Param('id', ParseUUIDPipe) id: string): Promise<Job> {
    return this.board.retry('everybody', id);
  }
}
