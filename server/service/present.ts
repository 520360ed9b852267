import type { ServiceView } from '../../shared/service/view'

type Row = Omit<ServiceView, 'natures' | 'tasks' | 'forTier'> & { natures: string; tasks: string }

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
    tasks: JSON.parse(service.tasks) as string[],
    sortNo: service.sortNo,
    active: service.active,
    regionId: service.regionId,
    forTier,
  }
}
