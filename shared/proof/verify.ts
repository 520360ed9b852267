/** Whether a proof file proves what it carries. Pure: the command line, the server and a browser all judge by this. */
import { commitmentText } from '../core/canonical'
import { toHex, utf8 } from './bytes'
import {
  type Checkpoint,
  readCheckpoint,
  readNote,
  readProofFile,
  signersOf,
  type VerifierKey,
  type VerifySignature,
} from './note'
import { isIncluded, leafInput, type Sha256 } from './tree'

export type Tools = { sha256: Sha256; verify: VerifySignature }
/** FORM no proof file · KEY no key of those given signed it · SIGNATURE a signature is wrong · INCLUSION the leaf is not in that log · ANNEX, NAME what goes with the leaf is not what it commits to */
export type WhyNotProved = 'FORM' | 'KEY' | 'SIGNATURE' | 'INCLUSION' | 'ANNEX' | 'NAME'
export type Proved = {
  /** canonical text of the leaf */
  text: string
  leaf: Record<string, string | null>
  index: number
  checkpoint: Checkpoint
  /** whose name the leaf commits to, where the file opens it */
  name: string | null
  /** the lines the leaf's digest is of; null where the file carries none */
  annex: string | null
  witnesses: { name: string; atSeconds: number }[]
}
export type Verdict = { proved: Proved; whyNot: null } | { proved: null; whyNot: WhyNotProved }

/** What goes with a leaf in a proof file: the leaf on the first line, the opened name on the second, then the annex. */
export function extraText(leaf: string, opening: { salt: string; name: string } | null, annex: string): string {
  return `${leaf}\n${opening === null ? '' : `name ${opening.salt} ${opening.name}\n`}${annex}`
}

/** @param keys verifier keys of the log, and of witnesses if there are any */
export async function verifyProof(text: string, keys: readonly VerifierKey[], tools: Tools): Promise<Verdict> {
  const no = (whyNot: WhyNotProved): Verdict => ({ proved: null, whyNot })
  const file = readProofFile(text)
  const note = file === null ? null : readNote(file.note)
  const checkpoint = note === null ? null : readCheckpoint(note.body)
  const parts = file?.extra == null ? null : readExtra(file.extra)
  if (file === null || note === null || checkpoint === null || parts === null) return no('FORM')
  const signers = await signersOf(note, keys, tools.verify)
  if (signers === null) return no('SIGNATURE')
  if (!signers.some(({ key }) => key.type === 1 && key.name === checkpoint.origin)) return no('KEY')
  const leafHash = await tools.sha256(leafInput(utf8(parts.text)))
  const { index, path } = file
  if (!(await isIncluded({ leafHash, index, path, size: checkpoint.size, root: checkpoint.root }, tools.sha256)))
    return no('INCLUSION')
  const { leaf, opening, annex } = parts
  if (annex !== '' && toHex(await tools.sha256(utf8(annex))) !== leaf.digest) return no('ANNEX')
  if (opening !== null) {
    const commitment = toHex(await tools.sha256(utf8(commitmentText(opening.salt, 'name', opening.name))))
    if (commitment !== leaf.holder) return no('NAME')
  }
  const witnesses = signers.flatMap(({ key, atSeconds }) => (atSeconds === null ? [] : [{ name: key.name, atSeconds }]))
  return {
    proved: {
      text: parts.text,
      leaf,
      index,
      checkpoint,
      name: opening?.name ?? null,
      annex: annex === '' ? null : annex,
      witnesses,
    },
    whyNot: null,
  }
}

function readExtra(extra: Uint8Array) {
  const whole = new TextDecoder().decode(extra)
  const end = whole.indexOf('\n')
  if (end < 0) return null
  const text = whole.slice(0, end)
  const [, named = '', salt = '', name = ''] = /^(name ([0-9a-f]+) ([^\n]+)\n)?/.exec(whole.slice(end + 1)) ?? []
  const leaf = readLeaf(text)
  if (leaf === null) return null
  return { text, leaf, opening: named === '' ? null : { salt, name }, annex: whole.slice(end + 1 + named.length) }
}

function readLeaf(text: string): Record<string, string | null> | null {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Record<string, string | null>) : null
  } catch {
    return null
  }
}
