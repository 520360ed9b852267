import { Segmented } from 'antd'
import { useUrlState } from '../core/use-url-state'

/** The switch between a list by helper and what it goes by otherwise; the address keeps it (`by=helper`). */
export function ByWhom({ otherwise }: { otherwise: '按老人' | '按村' }) {
  const [state, set] = useUrlState()
  return (
    <Segmented
      className="no-print"
      style={{ alignSelf: 'flex-start' }}
      aria-label="怎么分"
      value={state.by === 'helper' ? 'helper' : ''}
      options={[
        { value: '', label: otherwise },
        { value: 'helper', label: '按志愿者' },
      ]}
      onChange={(value) => set({ by: value === 'helper' ? value : null })}
    />
  )
}
