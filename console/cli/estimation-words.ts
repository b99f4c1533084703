/** Methods as people read them. */
export const methodWords: Readonly<Record<string, string>> = {
  interpolation: '内插 interpolation',
  peer_profile: '同类典型 peer profile',
  own_history: '自身历史 own history',
  same_day_type: '同类日 same day type',
  previous_period: '上期电量 previous period',
}

/** Classes of supply as people read them. */
export const classWords: Readonly<Record<string, string>> = {
  residential: '居民 residential',
  commercial: '工商业 commercial',
  large_industrial: '大工业 large industrial',
  agricultural: '农业 agricultural',
}
