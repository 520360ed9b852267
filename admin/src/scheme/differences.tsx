import { differencesOf } from '../../../shared/scheme/difference'
import type { DraftView, SchemeView } from '../../../shared/scheme/view'
import { Section } from '../components/page'
import { Empty } from '../components/states'
import { fieldOf, labelOfPath, type Schema } from './schema'
import { valueText } from './words'

interface DifferencesProps {
  schema: Schema
  base: SchemeView | undefined
  document: DraftView['document']
  /** what the right side is called */
  name?: string
}

/** Side by side: what holds now, and what would. */
export function Differences({ schema, base, document, name = '这份草稿' }: DifferencesProps) {
  const list = differencesOf(base?.document ?? {}, document)
  if (list.length === 0)
    return (
      <div className="card">
        <Empty icon="check-circle" title="和现行的规则一样" next="发布了也不会有变化。" />
      </div>
    )
  return (
    <Section
      title={`${list.length} 处不同`}
      note={base === undefined ? '这里还没有发布过规则' : `和第 ${base.version} 版比`}
    >
      <table className="plain num" aria-label="两份规则的不同">
        <thead>
          <tr>
            <th scope="col">项目</th>
            <th scope="col">{base === undefined ? '原来' : `第 ${base.version} 版`}</th>
            <th scope="col">{name}</th>
          </tr>
        </thead>
        <tbody>
          {list.map(({ path, before, after }) => {
            const field = fieldOf(schema, path)
            return (
              <tr key={path}>
                <th scope="row">{labelOfPath(schema, path)}</th>
                <td>{valueText(before, nameOf(path), field)}</td>
                <td className={after === undefined ? undefined : 'strong'}>
                  {after === undefined ? '去掉了' : valueText(after, nameOf(path), field)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </Section>
  )
}

/** The last word of a path that is no number. */
function nameOf(path: string): string {
  return path.split('.').findLast((part) => !/^\d+$/.test(part)) ?? path
}
