/** What starts the workers, as `shared/event-sources.ts` says, and where their failures go. */
import { Duration } from 'aws-cdk-lib'
import * as events from 'aws-cdk-lib/aws-events'
import * as targets from 'aws-cdk-lib/aws-events-targets'
import * as lambda from 'aws-cdk-lib/aws-lambda'
import * as destinations from 'aws-cdk-lib/aws-lambda-destinations'
import * as eventSources from 'aws-cdk-lib/aws-lambda-event-sources'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { WorkerId } from '../shared/contract/routes.ts'
import { type Schedule, type StreamSource, schedules, streamSources } from '../shared/event-sources.ts'
import type { StageConfig } from './config.ts'
import type { Data } from './data.ts'
import { keeping } from './keeping.ts'
import { acknowledge } from './nag.ts'
import type { StepFunction } from './step-function.ts'

/** Older events are not tried again: longer than the longest run, of four minutes, and the minute that Lambda waits then. */
const eventAge = Duration.minutes(10)

export class Workers extends Construct {
  /** Failures of each worker that were given up. */
  readonly deadLetters: ReadonlyMap<WorkerId, sqs.Queue>

  constructor(
    scope: Construct,
    id: string,
    config: StageConfig,
    data: Data,
    workers: ReadonlyMap<WorkerId, StepFunction>,
  ) {
    super(scope, id)
    const queues = new Map<WorkerId, sqs.Queue>()
    for (const [worker, made] of workers) {
      const queue = this.deadLetterQueue(worker, config)
      queues.set(worker, queue)
      const source = (streamSources as Readonly<Partial<Record<WorkerId, StreamSource>>>)[worker]
      if (source) this.feed(worker, made, source, data, queue)
      const schedule = (schedules as Readonly<Partial<Record<WorkerId, Schedule>>>)[worker]
      if (schedule) this.schedule(worker, made, schedule, queue)
    }
    this.deadLetters = queues
  }

  /** Holds which records failed, never their content: the rows stay in the outbox until they are taken. */
  private deadLetterQueue(worker: WorkerId, config: StageConfig): sqs.Queue {
    const queue = new sqs.Queue(this, `${worker}-dead-letters`, {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: keeping(config),
    })
    acknowledge(queue, 'AwsSolutions-SQS3', 'It is where failures end.')
    return queue
  }

  private feed(
    worker: WorkerId,
    { function: target, role }: StepFunction,
    source: StreamSource,
    data: Data,
    queue: sqs.Queue,
  ): void {
    const mapping = new lambda.EventSourceMapping(this, `${worker}-stream`, {
      target,
      eventSourceArn: data.streamOf(source.table),
      startingPosition: lambda.StartingPosition.TRIM_HORIZON,
      batchSize: source.batchSize,
      parallelizationFactor: source.parallelizationFactor,
      retryAttempts: source.maximumRetryAttempts,
      bisectBatchOnError: source.bisectBatchOnError,
      reportBatchItemFailures: true,
      filters: source.filters.map((filter) => lambda.FilterCriteria.filter({ ...filter })),
      onFailure: new eventSources.SqsDlq(queue),
    })
    // Lambda tries the role when the mapping is made.
    mapping.node.addDependency(role)
  }

  /** A run that fails is tried once more, after a minute, and followed by the next one anyway. */
  private schedule(
    worker: WorkerId,
    { function: target }: StepFunction,
    due: Schedule,
    queue: sqs.Queue,
  ): void {
    target.configureAsyncInvoke({
      retryAttempts: 1,
      maxEventAge: eventAge,
      onFailure: new destinations.SqsDestination(queue),
    })
    new events.Rule(this, `${worker}-schedule`, {
      description: `Runs ${worker} every ${due.everySeconds} s`,
      schedule: events.Schedule.rate(Duration.seconds(due.everySeconds)),
      targets: [new targets.LambdaFunction(target)],
    })
  }
}
