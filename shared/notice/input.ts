import { z } from 'zod'
import { pageQuery } from '../core/input'

export const noticeListQuery = z.strictObject({ ...pageQuery })
