import { Mark } from '../components/card'

/** Done, and not yet with the server. */
export const KEPT_WORDS = '已记在手机里，有网就上传'

export function KeptNote({ title, note }: { title: string; note?: string }) {
  return <Mark icon="check-circle" title={title} note={note === undefined ? KEPT_WORDS : `${note}，${KEPT_WORDS}`} />
}
