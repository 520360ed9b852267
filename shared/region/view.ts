import { z } from 'zod'

export const regionView = z.object({
  id: z.string(),
  code: z.string(),
  name: z.string(),
  fullName: z.string(),
  kind: z.string(),
  kindName: z.string(),
  parentId: z.string().nullable(),
  countyId: z.string().nullable(),
  depth: z.number(),
  childCount: z.number(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
})
export type RegionView = z.infer<typeof regionView>
export const regionDetailView = regionView.extend({
  trail: z.array(z.object({ id: z.string(), name: z.string() })),
  versions: z.array(
    z.object({
      validFrom: z.string(),
      name: z.string(),
      fullName: z.string(),
      code: z.string(),
      kindName: z.string(),
      parentName: z.string().nullable(),
    }),
  ),
  settings: z.array(
    z.object({
      key: z.string(),
      label: z.string(),
      unit: z.string(),
      kind: z.enum(['text', 'number']),
      value: z.union([z.string(), z.number()]),
      fromRegionName: z.string().nullable(),
      validFrom: z.string().nullable(),
      help: z.string(),
    }),
  ),
})
export type RegionDetail = z.infer<typeof regionDetailView>
export const kindView = z.object({ code: z.string(), name: z.string(), level: z.number() })
/** `content`: GeoJSON of the places below, each with our id and name. */
export const regionMapView = z.object({
  map: z
    .object({ id: z.string(), approvalNo: z.string(), places: z.number(), since: z.string(), content: z.string() })
    .nullable(),
})
export type RegionMapView = z.infer<typeof regionMapView>
