import type { z } from 'zod'
import type { grantInput } from '../../shared/message/input'
import { SUBJECTS, type Subject } from '../../shared/message/kinds'
import type { SubjectView } from '../../shared/message/view'
import type { Actor } from '../core/actor'
import type { MessageConfig } from '../core/config'
import type { Db } from '../core/db'
import { once } from '../core/once'

/** WeChat forgets none, but a hundred taps are no wish for a hundred messages. */
const LEFT_MOST = 20

/** What the phone may ask WeChat for, and what is left of what was agreed to. Empty where no template is set. */
export async function listSubjects(
  db: Db,
  { templates }: Pick<MessageConfig, 'templates'>,
  actor: Actor,
): Promise<SubjectView[]> {
  const grants = await db.messageGrant.findMany({ where: { personId: actor.personId } })
  return (Object.keys(SUBJECTS) as Subject[]).flatMap((subject) => {
    const template = templates[subject]
    if (template === undefined) return []
    const grant = grants.find((one) => one.subject === subject)
    return [
      {
        ...{ subject, label: SUBJECTS[subject], templateId: template.id, isLasting: template.isLasting },
        left: grant?.isLasting === true ? LEFT_MOST : (grant?.left ?? 0),
      },
    ]
  })
}

/** Keeps what somebody answered at a tap: a yes to a one-time template is one message, a no ends what was left. */
export async function keepGrants(
  db: Db,
  { templates }: Pick<MessageConfig, 'templates'>,
  actor: Actor,
  input: z.infer<typeof grantInput>,
  at: Date,
): Promise<{ id: string }> {
  const { personId } = actor
  const ask = { key: input.id, personId, verb: 'grantMessages', input, at }
  return db.$transaction((tx) =>
    once(tx, ask, async () => {
      for (const { subject, isAccepted } of input.answers) {
        const template = templates[subject]
        if (template === undefined) continue
        const isLasting = isAccepted && template.isLasting
        const key = { personId_subject: { personId, subject } }
        const known = await tx.messageGrant.findUnique({ where: key })
        const left = isAccepted && !isLasting ? Math.min((known?.left ?? 0) + 1, LEFT_MOST) : 0
        const next = { left, isLasting, changedAt: at }
        await tx.messageGrant.upsert({ where: key, create: { personId, subject, ...next }, update: next })
      }
      return { id: input.id }
    }),
  )
}
