import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Coverage } from '../../../shared/requirement/view'
import { percent } from '../core/format'
import { Icon } from './icon'

interface KpiCardProps {
  to: string
  label: string
  value: string
  unit: string
  /** How the number is made, in one line. */
  definition: ReactNode
  bad?: boolean
}

/** A number that clicks through to its rows. Only a bad figure is red. */
export function KpiCard({ to, label, value, unit, definition, bad = false }: KpiCardProps) {
  return (
    <Link to={to} className={`card kpi${bad ? ' bad' : ''}`}>
      <span className="l">
        {label}
        <Icon name="chevron" size={16} />
      </span>
      <b className="num">
        {value}
        <small>{unit}</small>
      </b>
      <span className="d num">{definition}</span>
    </Link>
  )
}

export interface Place {
  id: string
  name: string
  due: number
  visited: number
}

/** The rows of a coverage answer as places. */
export function placesOf(coverage: Coverage | undefined): Place[] {
  return (coverage?.rows ?? []).map(({ regionId, regionName, due, visited }) => ({
    ...{ id: regionId, name: regionName, due, visited },
  }))
}

/** Palest when everybody was visited, darkest where most are missing. */
export function coverageStep(part: number, whole: number): string {
  if (whole === 0) return 'none'
  const thousandths = Math.floor((part * 1000) / whole)
  if (thousandths >= 1000) return '0'
  if (thousandths >= 950) return '1'
  if (thousandths >= 900) return '2'
  return thousandths >= 850 ? '3' : '4'
}

const STEPS = [
  ['0', '100%'],
  ['1', '95 以上'],
  ['2', '90 以上'],
  ['3', '85 以上'],
  ['4', '低于 85'],
] as const

interface TileGridProps {
  places: readonly Place[]
  linkTo: (id: string) => string
  current?: string
}

/** One tile a place: name, share, how many are missing. Needs no map, and reads without colour. */
export function TileGrid({ places, linkTo, current }: TileGridProps) {
  return (
    <>
      <div className="tiles">
        {places.map(({ id, name, due, visited }) => (
          <Link
            key={id}
            to={linkTo(id)}
            className={`tile cov-${coverageStep(visited, due)}${id === current ? ' on' : ''}`}
          >
            <span>{name}</span>
            <b className="num">
              {due === 0 ? '—' : percent(visited, due)}
              {due > 0 && <small>%</small>}
            </b>
            {due > 0 && <span className="sr">应访 {due} 人</span>}
            <em className="num">{due === 0 ? '没有应访' : visited >= due ? '全部访到' : `还差 ${due - visited} 人`}</em>
          </Link>
        ))}
      </div>
      <div className="lg num">
        {STEPS.map(([step, label]) => (
          <span key={step}>
            <i className={`cov-${step}`} />
            {label}
          </span>
        ))}
      </div>
    </>
  )
}
