import { doneView } from '../../shared/core/view'
import { checkImportInput, importInput, importListQuery, importTemplateQuery } from '../../shared/import/input'
import { importCheckView, importDoneView, importPage } from '../../shared/import/view'
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
    { summary: '导入过的表', may: 'import.read', query: importListQuery, view: importPage },
    ({ db, parts, actor, query, at }) => listImports(db, parts.config.keys, actor, query, at),
  ),
  route(
    'GET',
    '/imports/template',
    { summary: '导入模板', may: 'import.keep', query: importTemplateQuery },
    ({ query }) => importTemplate(query.kind),
  ),
  route(
    'POST',
    '/imports/check',
    { summary: '先看一遍：哪些行会导入', may: 'import.keep', input: checkImportInput, view: importCheckView },
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
    { summary: '有问题的行，改好再导', may: 'import.keep', input: checkImportInput },
    async ({ db, parts, actor, input, at }) =>
      faultsFile(
        input.kind,
        await checkFile(input.kind, { db, keys: parts.config.keys, actor, batchId: newId(at), at }, input.file),
      ),
  ),
  route(
    'POST',
    '/imports',
    { summary: '导入一张表', may: 'import.keep', input: importInput, view: importDoneView, status: 201 },
    ({ db, parts, actor, input, at }) => importFile(db, parts.config.keys, actor, input, at),
  ),
  route(
    'POST',
    '/imports/:id/undo',
    { summary: '撤销一次导入', may: 'import.keep', view: doneView },
    ({ db, parts, actor, params, at }) => undoImport(db, parts.config.keys, actor, readId(params.id), at),
  ),
]
