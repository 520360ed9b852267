import type { VisitDetail } from '../../../shared/visit/view'

const PHASES: Record<string, string> = { in: '开始', during: '中间', out: '结束' }

/** How far from the plate each end was, against the line the place has set. Says nothing where nothing was measured. */
export function Distances({ evidence, nearMetres }: Pick<VisitDetail, 'evidence' | 'nearMetres'>) {
  const measured = evidence.flatMap(({ phase, distanceMetres }) =>
    distanceMetres === null ? [] : [{ phase: PHASES[phase] ?? phase, metres: Math.round(distanceMetres) }],
  )
  if (measured.length === 0) return null
  const widest = Math.max(nearMetres * 1.6, ...measured.map(({ metres }) => metres)) * 1.05
  const at = (metres: number) => 2 + (metres / widest) * 96
  const inside = (percent: number) => `${Math.max(11, Math.min(88, percent))}%`
  const labels = measured.map(({ phase, metres }) => ({
    words: `${phase} ${metres} 米`,
    far: metres > nearMetres,
    left: at(metres),
  }))
  const places = labels.map(({ left }) => left)
  // Two ends at nearly the same place share one label, or they would lie on each other.
  const crowded = Math.max(...places) - Math.min(...places) < 26 && labels.length > 1
  const shown = crowded
    ? [
        {
          words: labels.map(({ words }) => words).join('，'),
          far: labels.some(({ far }) => far),
          left: Math.min(76, Math.max(24, ...places)),
        },
      ]
    : labels
  return (
    <figure className="dist num" aria-label={`离门牌的距离，界线 ${nearMetres} 米`}>
      {shown.map(({ words, far, left }) => (
        <span key={words} className={far ? 'far' : undefined} style={{ left: inside(left), top: 0 }}>
          {words}
        </span>
      ))}
      <svg viewBox="0 0 100 20" preserveAspectRatio="none" aria-hidden="true">
        <path d="M2 10H98" stroke="var(--line-strong)" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        <path
          d={`M2 10H${at(nearMetres)}`}
          stroke="var(--primary-line)"
          strokeWidth="4"
          vectorEffect="non-scaling-stroke"
        />
        <path
          d={`M${at(nearMetres)} 1V19`}
          stroke="var(--line-control)"
          strokeWidth="2"
          vectorEffect="non-scaling-stroke"
        />
        {measured.map(({ phase, metres }, index) => (
          <path
            key={`${phase}-${String(index)}`}
            d={`M${at(metres)} 10h0.01`}
            stroke={metres > nearMetres ? 'var(--warning)' : 'var(--primary-line)'}
            strokeWidth="14"
            strokeLinecap={metres > nearMetres ? 'square' : 'round'}
            vectorEffect="non-scaling-stroke"
          />
        ))}
      </svg>
      <span style={{ left: '2%', top: 44, transform: 'none' }}>门牌</span>
      <span style={{ left: inside(at(nearMetres)), top: 44 }}>界线 {nearMetres} 米</span>
    </figure>
  )
}
