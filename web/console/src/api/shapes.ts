// Short names of the API's shapes. Each is taken from its description; none is written here.
import type {Shapes} from './client';

export type Deployment = Shapes['deployment'];
export type Integration = Shapes['integration'];
export type Environment = Integration['environment'];
export type Endpoint = Shapes['endpoint'];
export type EndpointPreset = Shapes['endpoint_preset'];
export type EndpointSettings = Shapes['endpoint_settings'];
export type Event = Shapes['event'];
export type EventState = Shapes['event_state'];
export type Delivery = Shapes['delivery'];
export type DeliveryState = Shapes['delivery_state'];
export type Attempt = Shapes['attempt'];
export type TestAttempt = Shapes['test_attempt'];
export type Job = Shapes['job'];
export type Session = Shapes['session'];
export type Result = Shapes['result'] & Shapes['result_detail'];
export type Certificate = Shapes['certificate'];
export type CertificateRule = Shapes['certificate_rule'];
export type EventType = Shapes['event_type'];
export type Change = Shapes['change'];
export type Preset = NonNullable<Shapes['preset']>;
