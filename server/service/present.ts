import type { ServiceView } from '../../shared/service/view'

type Row = Omit<ServiceView, 'natures' | 'tasks' | 'traits' | 'forTier'> & {
  natures: string
  tasks: string
  traits: string
}

export function presentService(service: Row, forTier: boolean): ServiceView {
  return {
    id: service.id,
    code: service.code,
    name: service.name,
    icon: service.icon,
    plannedSeconds: service.plannedSeconds,
    natures: service.natures.split(','),
    trainingNeeded: service.trainingNeeded,
    tierFromAge: service.tierFromAge,
    tierBelowAge: service.tierBelowAge,
    difficulty: service.difficulty,
    traits: service.traits.split(',').filter((one) => one !== ''),
    tasks: JSON.parse(service.tasks) as string[],
    sortNo: service.sortNo,
    active: service.active,
    regionId: service.regionId,
    forTier,
  }
}
