import {useDeployments} from '../../api/environment';

/** Whose catalogue it is. A member has one company; undefined leaves it to the server. */
export function useCompanyId(): string | undefined {
  return useDeployments().data?.data[0]?.company_id;
}
