import { Link } from 'react-router'
import type { CoverageRow } from '../../../shared/requirement/view'
import { Sheet } from '../components/sheet'
import { count } from '../core/format'
import { EXIT_WORDS, wordOf } from '../core/words'

/** Who is not counted and why, in words: 住院 1，外出 2. */
export function exitWords(exits: CoverageRow['exits']): string {
  return Object.entries(exits)
    .filter(([, n]) => n > 0)
    .map(([kind, n]) => `${wordOf(EXIT_WORDS, kind)} ${n}`)
    .join('，')
}

/** Not counted among those to be visited, each in a column of its own. */
const EXITS = ['hospital', 'away', 'died', 'moved', 'refused'] as const

/** Each place below with what was owed and what was given; its name leads to it. */
export function PlacesTable({ rows, linkTo }: { rows: readonly CoverageRow[]; linkTo: (id: string) => string }) {
  return (
    <Sheet label="各地">
      <table className="plain num">
        <thead>
          <tr>
            <th scope="col">地方</th>
            <th scope="col" className="r">
              应访
            </th>
            <th scope="col" className="r">
              已访
            </th>
            <th scope="col" className="r">
              还没访
            </th>
            <th scope="col" className="r">
              月探访率
            </th>
            <th scope="col" className="r">
              要求次数
            </th>
            <th scope="col" className="r">
              达标次数
            </th>
            <th scope="col" className="r">
              达标率
            </th>
            {EXITS.map((kind) => (
              <th key={kind} scope="col" className="r nb" title="不计入应访，另列">
                {wordOf(EXIT_WORDS, kind)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.regionId}>
              <td className="nb">
                <Link className="txt" to={linkTo(row.regionId)}>
                  {row.regionName}
                </Link>
              </td>
              <td className="r">{count(row.due)}</td>
              <td className="r">{count(row.visited)}</td>
              <td className="r">{row.missing > 0 ? <span className="status bad">{count(row.missing)}</span> : '0'}</td>
              <td className="r strong">{row.coveragePercent === null ? '—' : `${row.coveragePercent}%`}</td>
              <td className="r">{count(row.requirementsDue)}</td>
              <td className="r">{count(row.requirementsMet)}</td>
              <td className="r">{row.fulfilmentPercent === null ? '—' : `${row.fulfilmentPercent}%`}</td>
              {EXITS.map((kind) => (
                <td key={kind} className="r t2">
                  {row.exits[kind] > 0 ? count(row.exits[kind]) : '—'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Sheet>
  )
}
