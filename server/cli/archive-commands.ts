import { BadArchive } from '../proof/archive'
import { auditAll } from '../proof/audit'
import { exportArchive } from '../proof/export'
import { importArchive } from '../proof/import'
import { type Asked, type Command, tell } from './command'
import { withDatabase } from './open'
import { newProgress } from './progress'

export const archiveCommands: Command[] = [
  {
    name: 'export archive',
    takes: ['folder'],
    options: {},
    summary:
      'Writes everything it takes to verify and rebuild the books without us into an empty folder (docs/PROOF.md).',
    run: exportCommand,
  },
  {
    name: 'import archive',
    takes: ['folder'],
    options: {},
    summary:
      'Rebuilds the books of an archive in an empty system; checks every hash, root, signature and commitment first, and audits them at the end.',
    run: importCommand,
  },
]

function exportCommand({ positionals: [folder = ''], json }: Asked): Promise<number> {
  return withDatabase(false, async ({ db, config, now }) => {
    const rows = (await db.logLeaf.count()) * 2
    const bar = newProgress('导出', json)
    let done = 0
    const manifest = await exportArchive(db, config.log, folder, now(), () => bar.step(++done, rows))
    bar.end()
    tell(json, manifest, manifest.files.map((one) => `${one.sha256}  ${one.name}  ${one.lines} lines`).join('\n'))
    return 0
  })
}

function importCommand({ positionals: [folder = ''], json }: Asked): Promise<number> {
  return withDatabase(true, async ({ db, config, now }) => {
    const bar = newProgress('导入', json)
    let done = 0
    try {
      const heads = await importArchive(db, config.log, folder, now(), () => bar.step(++done, done))
      bar.end()
      const { problem } = await auditAll(db, config.log)
      if (problem !== null) throw new BadArchive(`${problem.invariant}: ${problem.row}: ${problem.sentence}`)
      tell(json, { heads }, heads.map((one) => `${one.name}: ${one.size} leaves, root ${one.root}`).join('\n'))
      return 0
    } catch (error) {
      if (!(error instanceof BadArchive)) throw error
      tell(json, { refused: error.message }, `Refused: ${error.message}`)
      return 1
    }
  })
}
