export default definePageConfig({ navigationBarTitleText: '去世或迁走' })
