/**
 * Why WeChat said no, in our words: nothing outside this folder knows an errcode.
 *
 * - `codeInvalid` `codeUsed` the phone must ask WeChat for a new code
 * - `busy` WeChat, or our own queue in front of it · `tooOften` a quota of the minute or the day
 * - `blocked` WeChat refuses this user · `noConsent` no subscription left · `inactiveUser` not seen for two hours
 * - `badValue` what we sent does not fit · `misconfigured` app id, secret, page, template or IP list
 * - `unreachable` no answer, or none that can be read: it may have happened all the same
 */
export type WechatReason =
  | 'codeInvalid'
  | 'codeUsed'
  | 'busy'
  | 'tooOften'
  | 'blocked'
  | 'noConsent'
  | 'badValue'
  | 'inactiveUser'
  | 'misconfigured'
  | 'unreachable'

/** `retryable`: the same call with the same arguments may be made again, later, and does no harm. */
export type Failure = { ok: false; reason: WechatReason; retryable: boolean; field?: string }
export type Result<T> = ({ ok: true } & T) | Failure

export function failure(reason: WechatReason, retryable = false): Failure {
  return { ok: false, reason, retryable }
}

const REASONS: ReadonlyMap<number, WechatReason> = new Map([
  [-1, 'busy'],
  [40003, 'badValue'],
  [40029, 'codeInvalid'],
  [40097, 'badValue'],
  [40129, 'badValue'],
  [40163, 'codeUsed'],
  [40169, 'badValue'],
  [40226, 'blocked'],
  [41008, 'codeInvalid'],
  [43101, 'noConsent'],
  [44002, 'badValue'],
  [45009, 'tooOften'],
  [45011, 'tooOften'],
  [47003, 'badValue'],
  [61010, 'inactiveUser'],
])

/**
 * An errcode in our words. What is not in the table (app id 40013, secret 40125, page 41030, template 40037, IP 40164,
 * and whatever WeChat invents) is for the operator, who finds the number in the log.
 */
export function failureOf(errcode: number): Failure {
  const reason = REASONS.get(errcode) ?? 'misconfigured'
  return failure(reason, reason === 'busy' || reason === 'tooOften')
}

/** The access token is missing, invalid or expired. */
export function isTokenError(errcode: number): boolean {
  return errcode === 40001 || errcode === 41001 || errcode === 42001 || errcode === 40014
}

export const BUSY = -1
