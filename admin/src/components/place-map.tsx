import { useEffect, useMemo, useRef } from 'react'
import { useNavigate } from 'react-router'
import type { PlaceMap as Shapes } from '../../../shared/region/map'
import type { RegionMapView } from '../../../shared/region/view'
import { percent } from '../core/format'
import { useOne } from '../core/use-list'
import { coverageStep, type Place } from './numbers'

interface PlaceMapProps {
  regionId: string | undefined
  places: readonly Place[]
  linkTo: (id: string) => string
}

/**
 * The county's own map in the colours of the tiles, with the number it was approved under. Beside the tiles, never instead:
 * they say the same in words. Nothing where nobody uploaded one.
 */
export function PlaceMap({ regionId, places, linkTo }: PlaceMapProps) {
  const found = useOne<RegionMapView>(regionId ? `/regions/${regionId}/map` : null)
  const map = found.data?.map ?? null
  const holder = useRef<HTMLDivElement>(null)
  const go = useNavigate()
  const lead = useRef(linkTo)
  lead.current = linkTo
  const shapes = useMemo(() => (map === null ? null : (JSON.parse(map.content) as Shapes)), [map])

  useEffect(() => {
    const element = holder.current
    if (element === null || map === null || shapes === null) return
    let gone = false
    let dispose = () => {}
    const shades = shapes.features.map(({ properties: { id, name } }) => {
      const { due = 0, visited = 0 } = places.find((one) => one.id === id) ?? {}
      const words = due === 0 ? name : `${name} ${percent(visited, due)}%，还差 ${due - visited} 人`
      return { id, name, step: coverageStep(visited, due), words }
    })
    import('./map-engine').then(({ drawMap }) => {
      if (!gone) dispose = drawMap(element, { name: map.id, map: shapes, shades, open: (id) => go(lead.current(id)) })
    })
    return () => {
      gone = true
      dispose()
    }
  }, [map, shapes, places, go])

  if (map === null) return null
  return (
    <figure style={{ margin: '0 0 14px' }}>
      <div ref={holder} role="img" aria-label="各地探访率地图，和下面的方格说的一样" style={{ height: 360 }} />
      <figcaption className="t2 small">审图号：{map.approvalNo}</figcaption>
    </figure>
  )
}
