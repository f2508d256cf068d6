/** Teams without threads: replicas that live in the test's own, and what they are asked crosses no border but is copied alike. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect } from "effect"
import { WorkerError } from "../../src/errors.ts"
import type { MemberAnswers, MemberJob, MemberTask } from "../../src/team/MemberJob.ts"
import { type Replica, makeReplica } from "../../src/team/Replica.ts"
import type { Member, Team } from "../../src/team/Team.ts"

/** Answers a job; `answer` is what the replica says. */
export type Hook = (
  job: MemberJob,
  member: number,
  answer: () => Promise<MemberAnswers[MemberTask]>,
) => unknown

/** A replica that is asked as a worker thread asks its own. */
export const asked = (replica: Replica, job: MemberJob): Promise<MemberAnswers[MemberTask]> =>
  Effect.runPromise(replica(job).pipe(Effect.provide(NodeServices.layer)))

/** So many members. Jobs are passed by the hook, if there is one, and may be slowed by `pauseOf`, in milliseconds. */
export const teamOf = (
  members: number,
  hook: Hook = (_, __, answer) => answer(),
  pauseOf: (job: MemberJob, member: number) => number = () => 0,
): Team =>
  Array.from({ length: members }, (_, i): Member => {
    const replica = makeReplica()
    return {
      run: <J extends MemberJob>(job: J) =>
        Effect.sleep(pauseOf(job, i)).pipe(
          Effect.andThen(
            Effect.tryPromise({
              try: async () =>
                structuredClone(
                  await hook(job, i, () => asked(replica, structuredClone(job))),
                ) as MemberAnswers[J["_tag"]],
              catch: (cause) => new WorkerError({ problem: String(cause) }),
            }),
          ),
        ),
    }
  })
