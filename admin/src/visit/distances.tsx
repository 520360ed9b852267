import type { VisitDetail } from '../../../shared/visit/view'

const PHASES: Record<string, string> = { in: '开始', during: '中间', out: '结束' }

/** How far from the plate each end was, against the line the place has set. Says nothing where nothing was measured. */
export function Distances({ evidence, nearMetres }: Pick<VisitDetail, 'evidence' | 'nearMetres'>) {
  const measured = evidence.flatMap(({ phase, distanceMetres }) =>
    distanceMetres === null ? [] : [{ phase: PHASES[phase] ?? phase, metres: Math.round(distanceMetres) }],
  )
  if (measured.length === 0) return null
  const widest = Math.max(nearMetres * 1.6, ...measured.map(({ metres }) => metres)) * 1.05
  const at = (metres: number) => 8 + (metres / widest) * 330
  const words = `${measured.map(({ phase, metres }) => `${phase}离门牌 ${metres} 米`).join('，')}，界线 ${nearMetres} 米`
  return (
    <figure role="img" aria-label={words}>
      <svg
        viewBox="0 0 351 62"
        width="100%"
        style={{ display: 'block', overflow: 'visible', font: '400 12px var(--font)' }}
        aria-hidden="true"
      >
        <path d="M6 34H345" stroke="var(--line-strong)" strokeWidth="2" />
        <path d={`M6 34H${at(nearMetres)}`} stroke="var(--primary-line)" strokeWidth="4" strokeLinecap="round" />
        <path d={`M${at(nearMetres)} 24V44`} stroke="var(--line-control)" strokeWidth="2" />
        <rect x="1" y="29" width="10" height="10" rx="2" fill="var(--text-2)" />
        <text x="0" y="58" fill="var(--text-3)">
          门牌
        </text>
        <text x={at(nearMetres)} y="58" textAnchor="middle" fill="var(--text-3)">
          界线 {nearMetres} 米
        </text>
        {measured.map(({ phase, metres }, index) => {
          const far = metres > nearMetres
          const x = at(metres)
          return (
            <g key={`${phase}-${String(index)}`}>
              {far ? (
                <path
                  d={`M${x} 25l9 16h-18z`}
                  fill="var(--warning)"
                  stroke="var(--bg-card)"
                  strokeWidth="2"
                  strokeLinejoin="round"
                />
              ) : (
                <circle cx={x} cy="34" r="7" fill="var(--primary-line)" stroke="var(--bg-card)" strokeWidth="2" />
              )}
              <text
                x={Math.max(30, Math.min(318, x))}
                y={18 - (index % 2) * 14}
                textAnchor="middle"
                fill={far ? 'var(--warning-text)' : 'var(--text-2)'}
              >
                {phase} {metres} 米
              </text>
            </g>
          )
        })}
      </svg>
    </figure>
  )
}
