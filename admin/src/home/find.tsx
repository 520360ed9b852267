import { Link } from 'react-router'
import type { ElderView } from '../../../shared/elder/view'
import type { MemberView } from '../../../shared/member/view'
import { Page, Section } from '../components/page'
import { Unread } from '../components/states'
import { useScope, useScoped } from '../core/scope'
import { useList } from '../core/use-list'
import { useUrlState } from '../core/use-url-state'
import { MEMBER_KIND_WORDS, wordOf } from '../core/words'

/** What the search of the top bar found: elders and helpers, the first few of each. */
export default function FindPage() {
  const scoped = useScoped()
  const [{ q = '' }] = useUrlState()
  const { regionId } = useScope()
  const elders = useList<ElderView>('/elders', { q, regionId, limit: 10 }, q !== '')
  const members = useList<MemberView>('/members', { q, regionId, limit: 10 }, q !== '')
  return (
    <Page title="查找" note={q && `“${q}”`}>
      <div className="two">
        <Section
          title="老人"
          actions={
            <Link className="txt" to={scoped(`/elders?q=${encodeURIComponent(q)}`)}>
              全部
            </Link>
          }
        >
          <Found
            query={elders}
            line={(elder) => [
              `/elders/${elder.id}`,
              elder.maskedName,
              `${elder.regionName}${elder.age === null ? '' : `，${elder.age} 岁`}`,
            ]}
          />
        </Section>
        <Section
          title="志愿者"
          actions={
            <Link className="txt" to={scoped(`/members?q=${encodeURIComponent(q)}`)}>
              全部
            </Link>
          }
        >
          <Found
            query={members}
            line={(member) => [
              `/members/${member.id}`,
              member.maskedName,
              `${member.regionName}，${wordOf(MEMBER_KIND_WORDS, member.kind)}`,
            ]}
          />
        </Section>
      </div>
    </Page>
  )
}

interface FoundProps<Row extends { id: string }> {
  query: ReturnType<typeof useList<Row>>
  line: (row: Row) => readonly [to: string, name: string, note: string]
}

function Found<Row extends { id: string }>({ query, line }: FoundProps<Row>) {
  const scoped = useScoped()
  if (!query.data) return <Unread of={query} rows={4} />
  if (query.data.items.length === 0)
    return <p className="t3">没有找到。名字请用拼音首字母，例如 WXY；也可以用门牌号或完整电话。</p>
  return (
    <ul>
      {query.data.items.map((row) => {
        const [to, name, note] = line(row)
        return (
          <li key={row.id} className="row">
            <Link className="txt" to={scoped(to)}>
              {name}
            </Link>
            <span className="t2">{note}</span>
          </li>
        )
      })}
    </ul>
  )
}
