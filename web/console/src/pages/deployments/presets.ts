import type {Preset} from '../../api/shapes';

/** What each preset is for; what it sets is the server's to say. */
export const presets: Record<Preset, {name: string; says: string}> = {
  assessment: {name: 'Assessment', says: 'People are assessed; every step reaches your endpoint. Signed with X-Signature, only 200 is success, in order per person.'},
  learning: {name: 'Learning', says: 'Certificates, completed and expired. Any 2xx is success.'},
  standard: {name: 'Standard', says: 'Events of your own, by the Standard Webhooks rules. Any 2xx is success.'},
};
