import { doneView } from '../../shared/core/view'
import { checkImportInput, importInput, importListQuery, importTemplateQuery } from '../../shared/import/input'
import { importCheckView, importDoneView, importPage } from '../../shared/import/view'
import { DESK, REGISTRARS } from '../core/actor'
import { newId } from '../core/ids'
import { readId } from '../core/input'
import { route } from '../core/route'
import { importFile } from './apply'
import { checkFile, countsOf } from './check'
import { listImports } from './list'
import { faultsFile, importTemplate } from './template'
import { undoImport } from './undo'

export const importRoutes = [
  route(
    'GET',
    '/imports',
    { summary: '导入过的表', who: DESK, query: importListQuery, view: importPage },
    ({ db, parts, actor, query, at }) => listImports(db, parts.config.keys, actor, query, at),
  ),
  route('GET', '/imports/template', { summary: '导入模板', who: REGISTRARS, query: importTemplateQuery }, ({ query }) =>
    importTemplate(query.kind),
  ),
  route(
    'POST',
    '/imports/check',
    { summary: '先看一遍：哪些行会导入', who: REGISTRARS, input: checkImportInput, view: importCheckView },
    async ({ db, parts, actor, input, at }) => {
      const { lines } = await checkFile(
        input.kind,
        { db, keys: parts.config.keys, actor, batchId: newId(at), at },
        input.file,
      )
      return { counts: countsOf(lines), lines: lines.map(({ view }) => view) }
    },
  ),
  route(
    'POST',
    '/imports/faults',
    { summary: '有问题的行，改好再导', who: REGISTRARS, input: checkImportInput },
    async ({ db, parts, actor, input, at }) =>
      faultsFile(
        input.kind,
        await checkFile(input.kind, { db, keys: parts.config.keys, actor, batchId: newId(at), at }, input.file),
      ),
  ),
  route(
    'POST',
    '/imports',
    { summary: '导入一张表', who: REGISTRARS, input: importInput, view: importDoneView, status: 201 },
    ({ db, parts, actor, input, at }) => importFile(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/imports/:id/undo',
    { summary: '撤销一次导入', who: REGISTRARS, view: doneView },
    ({ db, parts, actor, params, at }) => undoImport(db, parts.config.keys, actor, readId(params.id), at),
  ),
]
