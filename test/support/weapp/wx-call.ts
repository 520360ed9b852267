import type { Work } from './work'

/** What WeChat refuses: pages get a plain `{ errMsg }`, never an Error. */
export class WxFailure extends Error {
  constructor(
    reason: string,
    readonly errno?: number,
  ) {
    super(reason)
  }
}

export type Options = Record<string, unknown> & {
  success?: (answer: object) => void
  fail?: (answer: object) => void
  complete?: (answer: object) => void
}

/**
 * An asynchronous call as WeChat has them: answered later, to callbacks; without callbacks it gives a promise.
 * What waits for the person (`act` pending) is not work: a page may rest meanwhile.
 */
export function wxCall(name: string, work: Work, act: (options: Options) => object | undefined | Promise<object>) {
  return (options: Options = {}): Promise<object> | undefined => {
    const asked = new Promise<object>((resolve) => work.setTimeout(() => resolve(options)))
      .then(() => act(options))
      .then((answer) => ({ errMsg: `${name}:ok`, ...answer }))
    if (options.success === undefined && options.fail === undefined && options.complete === undefined)
      return asked.catch((error) => Promise.reject(failureOf(name, error)))
    asked.then(
      (answer) => tell(work, answer, options.success, options.complete),
      (error) => tell(work, failureOf(name, error), options.fail, options.complete),
    )
    return undefined
  }
}

function tell(work: Work, answer: object, ...listeners: (((answer: object) => void) | undefined)[]): void {
  for (const listener of listeners) work.guard(() => listener?.(answer))
}

/** A mistake of this harness must not pass for a refusal of WeChat. */
function failureOf(name: string, error: unknown): object {
  if (!(error instanceof WxFailure)) throw error
  return { errMsg: `${name}:fail ${error.message}`, ...(error.errno === undefined ? {} : { errno: error.errno }) }
}
