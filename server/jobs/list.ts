import { addSeconds, dayOf } from '../../shared/core/time'
import { escalateAlarms } from '../alarm/alarm'
import { findAnomalies } from '../anomaly/find'
import { freezeComplained } from '../complaint/open'
import type { Parts } from '../core/route'
import { gradeAll } from '../credit/evaluate'
import { forgetAuthorisations } from '../elder/forget'
import { expireAll } from '../ledger/expire'
import { remindExpiring } from '../member/remind'
import { repayAdvances } from '../member/repay'
import { forgetMessages } from '../message/forget'
import { sendMessages } from '../message/send'
import { forgetNotices } from '../notice/forget'
import { releasePayments } from '../order/payment'
import { tellUnattended } from '../order/unattended'
import { remindAgreements } from '../pairing/remind'
import { forgetPaperPictures } from '../paper/forget'
import { rotateKeys, sweepKeys } from '../person/keys'
import { forgetRequests } from '../person/requests'
import { forgetScreens } from '../plate/forget'
import { sealLogs, signCheckpoints } from '../proof/keep'
import { auditNightly } from '../proof/nightly'
import { expireRedemptions } from '../redemption/expire'
import { applyRegionChanges } from '../region/apply'
import { longestSetting } from '../region/settings'
import { remindEnding } from '../registry/records'
import { makeReports } from '../report/make'
import { expireExports } from '../report/unmasked'
import { climbLadder } from '../requirement/ladder'
import { checkCoverage, rollCoverage } from '../requirement/rollup'
import { forgetDrafts } from '../scheme/forget'
import { proposeGrants } from '../scheme/grants'
import { forgetSessions } from '../session/forget'
import { checkTexts } from '../text/check'
import { forgetTexts } from '../text/forget'
import { tellChallenges } from '../visit/challenge'
import { closeLongVisits } from '../visit/close-long'
import { drawCalls } from '../visit/draw-calls'
import { forgetNotes } from '../visit/forget-notes'
import { forgetPlaces } from '../visit/forget-places'
import { holdSilent } from '../visit/hold-silent'

type Job = { kind: string; cron: string; run: (parts: Parts, at: Date) => Promise<unknown> }

const DONE_JOBS_DAYS = 7

/** A month whose sums drifted from the live rows is said aloud, and judged again. */
async function checkCoverageNightly({ db, log }: Parts, at: Date): Promise<void> {
  for (const drift of await checkCoverage(db, at)) log.error({ job: 'checkCoverage', bug: 'drift', ...drift })
}

/** Answers outlive every retry of a phone that was long without a network. */
async function forgetAnswers(db: Parts['db'], at: Date): Promise<void> {
  const answerKeepDays = await longestSetting(db, 'answerKeepDays', dayOf(at))
  await db.idempotency.deleteMany({ where: { recordedAt: { lt: addSeconds(at, -answerKeepDays * 86_400) } } })
}

/** What the clock starts (Asia/Shanghai): find, call a verb. */
export const JOBS: readonly Job[] = [
  { kind: 'closeLongVisits', cron: '* * * * *', run: ({ db, config }, at) => closeLongVisits(db, config.keys, at) },
  { kind: 'tellChallenges', cron: '* * * * *', run: ({ db, config }, at) => tellChallenges(db, config.keys, at) },
  { kind: 'holdSilent', cron: '*/10 * * * *', run: ({ db }, at) => holdSilent(db, at) },
  { kind: 'escalateAlarms', cron: '* * * * *', run: ({ db }, at) => escalateAlarms(db, at) },
  { kind: 'findAnomalies', cron: '40 4 * * *', run: ({ db }, at) => findAnomalies(db, at) },
  // what was found during the day counts from tomorrow
  { kind: 'gradeCredit', cron: '10 23 * * *', run: ({ db }, at) => gradeAll(db, at) },
  { kind: 'drawCalls', cron: '*/10 * * * *', run: ({ db, config }, at) => drawCalls(db, config.keys, at) },
  { kind: 'expireRedemptions', cron: '* * * * *', run: ({ db }, at) => expireRedemptions(db, at) },
  // every hour, not at midnight only: a server that was down then catches up
  { kind: 'expirePoints', cron: '2 * * * *', run: ({ db }, at) => expireAll(db, at) },
  { kind: 'remindExpiring', cron: '5 8 * * *', run: ({ db }, at) => remindExpiring(db, at) },
  { kind: 'proposeGrants', cron: '12 6 * * *', run: ({ db }, at) => proposeGrants(db, at) },
  { kind: 'releasePayments', cron: '*/10 * * * *', run: ({ db }, at) => releasePayments(db, at) },
  { kind: 'freezeComplained', cron: '*/10 * * * *', run: ({ db }, at) => freezeComplained(db, at) },
  { kind: 'tellUnattended', cron: '*/10 * * * *', run: ({ db }, at) => tellUnattended(db, at) },
  { kind: 'repayAdvances', cron: '*/10 * * * *', run: ({ db }, at) => repayAdvances(db, at) },
  { kind: 'rollCoverage', cron: '* * * * *', run: ({ db }, at) => rollCoverage(db, at) },
  { kind: 'checkCoverage', cron: '50 2 * * *', run: checkCoverageNightly },
  { kind: 'applyRegionChanges', cron: '1 * * * *', run: ({ db }, at) => applyRegionChanges(db, at) },
  { kind: 'remindEnding', cron: '20 7 * * *', run: ({ db }, at) => remindEnding(db, at) },
  // what is owed within hours is looked at every hour, everything each morning
  { kind: 'climbLadder', cron: '10 7 * * *', run: ({ db }, at) => climbLadder(db, at, 'all') },
  { kind: 'climbEvents', cron: '25 * * * *', run: ({ db }, at) => climbLadder(db, at, 'events') },
  { kind: 'remindAgreements', cron: '30 7 * * *', run: ({ db }, at) => remindAgreements(db, at) },
  // what a process was making when it ended
  { kind: 'makeReports', cron: '* * * * *', run: (parts) => makeReports(parts) },
  { kind: 'signCheckpoints', cron: '0 * * * *', run: signCheckpoints },
  { kind: 'rotateKeys', cron: '*/5 * * * *', run: ({ db, config }) => rotateKeys(db, config.keys, { pages: 20 }) },
  { kind: 'sweepKeys', cron: '50 3 * * *', run: ({ db }) => sweepKeys(db) },
  { kind: 'auditNightly', cron: '20 2 * * *', run: auditNightly },
  {
    kind: 'forgetAnswers',
    cron: '30 3 * * *',
    run: ({ db }, at) => forgetAnswers(db, at),
  },
  { kind: 'forgetPlaces', cron: '25 3 * * *', run: ({ db }, at) => forgetPlaces(db, at) },
  {
    kind: 'forgetPictures',
    cron: '28 3 * * *',
    run: async ({ db }, at) => {
      await forgetPaperPictures(db, at)
      await forgetAuthorisations(db, at)
    },
  },
  { kind: 'expireExports', cron: '*/10 * * * *', run: ({ db }, at) => expireExports(db, at) },
  { kind: 'sendMessages', cron: '* * * * *', run: (parts, at) => sendMessages(parts, at) },
  { kind: 'checkTexts', cron: '* * * * *', run: checkTexts },
  { kind: 'forgetTexts', cron: '37 3 * * *', run: ({ db }, at) => forgetTexts(db, at) },
  { kind: 'forgetNotes', cron: '27 3 * * *', run: ({ db }, at) => forgetNotes(db, at) },
  { kind: 'forgetMessages', cron: '36 3 * * *', run: ({ db }, at) => forgetMessages(db, at) },
  { kind: 'forgetRequests', cron: '32 3 * * *', run: ({ db }, at) => forgetRequests(db, at) },
  { kind: 'forgetDrafts', cron: '33 3 * * *', run: ({ db }, at) => forgetDrafts(db, at) },
  { kind: 'forgetScreens', cron: '34 3 * * *', run: ({ db }, at) => forgetScreens(db, at) },
  { kind: 'forgetNotices', cron: '35 3 * * *', run: ({ db }, at) => forgetNotices(db, at) },
  {
    kind: 'forgetSessions',
    cron: '45 3 * * *',
    run: ({ db }, at) => forgetSessions(db, at),
  },
  {
    kind: 'forgetJobs',
    cron: '40 3 * * *',
    run: ({ db }, at) => db.job.deleteMany({ where: { doneAt: { lt: addSeconds(at, -DONE_JOBS_DAYS * 86_400) } } }),
  },
]

/** What runs every few seconds on every process and takes its own lock; no row is worth keeping of each time. */
export const OFTEN: readonly Job[] = [{ kind: 'sealLogs', cron: '*/5 * * * * *', run: sealLogs }]
