import type { Problem } from '../../shared/scheme/check'
import type { SchemeDocument } from '../../shared/scheme/document'

/**
 * What the engine reckons but the running system doesn't yet act on. A scheme with such a part can be written and tried; to
 * publish it would promise people something that nobody keeps, so publishing is refused with the list.
 */
export function whyNotLive(document: SchemeDocument): Problem[] {
  const parts: [path: string, isThere: boolean][] = [
    ['donate.to', document.donate?.to?.includes('organisation') === true],
  ]
  return parts
    .filter(([, isThere]) => isThere)
    .map(([path]) => ({ path, sentence: '这一项可以试算，还不能发布：系统还不会照着做', severity: 'error' as const }))
}
