#!/usr/bin/env node
// Writes docs/PERMISSIONS.md from the table of permissions and the list of routes; a test compares.
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { register } from 'tsx/esm/api'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const path = join(root, 'docs/PERMISSIONS.md')

/** @returns {Promise<string>} the document as it must be */
export async function document() {
  const { ROUTES } = await import('../server/app.ts')
  const { DUTIES, PERMISSIONS, PROVED_ANEW } = await import('../shared/session/permissions.ts')
  const { ROLES } = await import('../shared/session/view.ts')
  const { ROLE_WORDS } = await import('../shared/session/words.ts')
  const line = (cells) => `| ${cells.join(' | ')} |`
  const table = (head, rows) => [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
  const duties = ROLES.map((role) => [
    ROLE_WORDS[role],
    `\`${role}\``,
    DUTIES[role].duty,
    DUTIES[role].rank,
    DUTIES[role].sight,
  ])
  const may = Object.entries(PERMISSIONS).map(([name, one]) => [
    one.what,
    `\`${name}\``,
    ...ROLES.map((role) => (one.roles.includes(role) ? '✓' : '')),
    one.fields,
    one.reach,
    PROVED_ANEW.includes(name) ? '✓' : '',
  ])
  const routes = ROUTES.map(({ method, path, summary, who, may }) => [
    `\`${method} ${path}\``,
    summary,
    typeof who === 'string' ? who : who.filter((one) => ['member', 'elder', 'proxy'].includes(one)).join(', '),
    may.map((one) => `\`${one}\``).join(', '),
  ])
  return `# Permissions

Made by \`node tools/permissions.mjs\` from \`shared/session/permissions.ts\` and the list of routes; decision 0110.

## Posts

${table(['岗位', 'code', '职责', 'rank', 'sees up to'], duties)}

## Who may do what

A post holds in its region and below (subtree), at its own point (point), or without a place (whole). What is marked as proved anew is
done only within a quarter of an hour of a password and six digits (or of the login).

${table(['做什么', 'code', ...ROLES.map((role) => ROLE_WORDS[role]), 'fields', 'reach', 'proved anew'], may)}

## Routes

${table(['route', 'what', 'own records of', 'permissions'], routes)}
`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  register()
  writeFileSync(path, await document())
}
