import {Alert, Anchor, Button, Group, Paper, Stack, Text, TextInput, Title} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {CheckCircle2, CircleHelp, Download, Stethoscope, XCircle} from 'lucide-react';
import {useState} from 'react';
import {Link, useSearchParams} from 'react-router-dom';

import {api, body, type Shapes} from '../../api/client';
import {AdminOnly} from '../../parts/admin_only';
import {Heading} from '../../parts/heading';
import {Asked} from '../../parts/states';
import {Told, When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {ActionButton, place_of_action} from './action_button';
import styles from './diagnose.module.css';

type Check = Shapes['diagnosis']['checks'][number];

const components: Record<Check['component'], string> = {
  session_creation: 'Session creation', assessment_delivery: 'Assessment delivery', webhook_receipt: 'Webhook receipt', scoring: 'Scoring', display: 'Display',
};
const findings = {
  pass: [CheckCircle2, 'In order'], fail: [XCircle, 'Not in order'], unknown: [CircleHelp, 'Not known'],
} as const;

function CheckLine({check, integration_id}: {check: Check; integration_id: string}) {
  const [Icon, says] = findings[check.finding];
  const place = check.action && place_of_action(check.action, integration_id);
  return (
    <li className={styles[check.finding]}>
      <Icon size={20} aria-label={says} className={styles.icon} />
      <div className={styles.text}>
        <Text fw={550}>{check.title}</Text>
        {check.evidence.map((line) => <Text key={line} size="sm" c="dimmed" style={{overflowWrap: 'anywhere'}}><Told sentence={line} /></Text>)}
        {check.fix && <Text size="sm" mt={4}><b>What to do:</b> {check.fix}</Text>}
        {check.action && (place
          ? <Anchor component={Link} to={place} size="sm">{check.action.label}</Anchor>
          : <AdminOnly><ActionButton action={check.action} /></AdminOnly>)}
      </div>
    </li>
  );
}

function Checklist({diagnosis}: {diagnosis: Shapes['diagnosis']}) {
  const groups = Object.entries(components).map(([key, name]) => ({name, checks: diagnosis.checks.filter(({component}) => component === key)})).filter(({checks}) => checks.length > 0);
  const {failing_component: failing} = diagnosis;
  return (
    <Stack>
      <Alert color={failing ? 'red' : 'teal'} icon={failing ? <XCircle size={20} /> : <CheckCircle2 size={20} />} title={failing ? `The trouble is in: ${components[failing].toLowerCase()}` : 'Nothing is out of order'}>
        Looked at <When at={diagnosis.at} />{diagnosis.uid ? `, for ${diagnosis.uid}` : ', for the whole environment'}.
      </Alert>
      {groups.map(({name, checks}) => (
        <Paper key={name} p="md" component="section" aria-label={name}>
          <Title order={2} mb="xs">{name}</Title>
          <ul className={styles.list}>{checks.map((check) => <CheckLine key={check.title} check={check} integration_id={diagnosis.integration_id} />)}</ul>
        </Paper>
      ))}
    </Stack>
  );
}

export default function Diagnose() {
  const {integration_id} = usePlace();
  const [params, set_params] = useSearchParams();
  const uid = params.get('uid') || undefined;
  const [text, set_text] = useState(uid ?? '');
  const query = useQuery({
    queryKey: ['diagnosis', integration_id, uid],
    queryFn: () => body(api.GET('/v1/diagnose', {params: {query: {integration_id, uid}}})),
  });
  const bundle = new URLSearchParams({integration_id, ...(uid && {uid})});
  return (
    <>
      <Heading title="Diagnose" says="The troubleshooting guide as a checklist that has run itself: of one person, or of the whole environment.">
        <Button component="a" variant="default" leftSection={<Download size={15} />} href={`/v1/diagnose/bundle?${bundle}`} download={`posthorn-${uid ?? integration_id}.json`}>Escalation bundle</Button>
      </Heading>
      <Paper p="sm" mb="md">
        <form onSubmit={(event) => { event.preventDefault(); set_params(text.trim() ? {uid: text.trim()} : {}); void query.refetch(); }}>
          <Group align="flex-end" gap="sm">
            <TextInput label="uid" placeholder="Empty: the whole environment" style={{flex: '1 1 220px'}} maw={380} value={text} onChange={(event) => set_text(event.currentTarget.value)} />
            <Button type="submit" leftSection={<Stethoscope size={16} />} loading={query.isFetching}>Check</Button>
          </Group>
        </form>
      </Paper>
      <Asked query={query} lines={9}>{(diagnosis) => <Checklist diagnosis={diagnosis} />}</Asked>
    </>
  );
}
