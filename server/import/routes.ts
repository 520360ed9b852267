import { doneView } from '../../shared/core/view'
import { checkImportInput, importInput, importListQuery } from '../../shared/import/input'
import { importCheckView, importDoneView, importPage } from '../../shared/import/view'
import { DESK, REGISTRARS } from '../core/actor'
import { newId } from '../core/ids'
import { readId } from '../core/input'
import { route } from '../core/route'
import { importElders } from './apply'
import { checkFile, countsOf } from './check'
import { listImports } from './list'
import { elderTemplate, faultsFile } from './template'
import { undoImport } from './undo'

export const importRoutes = [
  route(
    'GET',
    '/imports',
    { summary: '导入过的表', who: DESK, query: importListQuery, view: importPage },
    ({ db, parts, actor, query, at }) => listImports(db, parts.config.keys, actor, query, at),
  ),
  route('GET', '/imports/template', { summary: '老人导入模板', who: REGISTRARS }, () => elderTemplate()),
  route(
    'POST',
    '/imports/check',
    { summary: '先看一遍：哪些行会导入', who: REGISTRARS, input: checkImportInput, view: importCheckView },
    async ({ db, parts, actor, input, at }) => {
      const { lines } = await checkFile(db, parts.config.keys, actor, input.file, newId(at), at)
      return { counts: countsOf(lines), lines: lines.map(({ view }) => view) }
    },
  ),
  route(
    'POST',
    '/imports/faults',
    { summary: '有问题的行，改好再导', who: REGISTRARS, input: checkImportInput },
    async ({ db, parts, actor, input, at }) =>
      faultsFile(await checkFile(db, parts.config.keys, actor, input.file, newId(at), at)),
  ),
  route(
    'POST',
    '/imports',
    { summary: '导入老人', who: REGISTRARS, input: importInput, view: importDoneView, status: 201 },
    ({ db, parts, actor, input, at }) => importElders(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/imports/:id/undo',
    { summary: '撤销一次导入', who: REGISTRARS, view: doneView },
    ({ db, parts, actor, params, at }) => undoImport(db, parts.config.keys, actor, readId(params.id), at),
  ),
]
