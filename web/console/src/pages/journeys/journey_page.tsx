import {Alert, Group, Paper, SimpleGrid, Stack, Text, Title} from '@mantine/core';
import {useQuery} from '@tanstack/react-query';
import {useParams} from 'react-router-dom';

import {api, body} from '../../api/client';
import type {Result} from '../../api/shapes';
import {BandBadge, StateBadge} from '../../parts/badges';
import {Copied} from '../../parts/copy';
import {Facts} from '../../parts/facts';
import {Heading} from '../../parts/heading';
import {Asked} from '../../parts/states';
import {When} from '../../parts/when';
import {usePlace} from '../../shell/environment_frame';
import {Answers} from './answers';
import {JourneyTimeline} from './journey_timeline';
import {Traits} from './traits';

const over = new Set<Result['state']>(['scored', 'incomplete', 'cancelled', 'expired']);

function Score({result}: {result: Result}) {
  if (result.score === null) return null;
  return (
    <Paper p="md">
      <Group gap="xl" align="center">
        <div><Text fz={44} fw={700} lh={1} style={{fontVariantNumeric: 'tabular-nums'}}>{result.score}</Text><Text size="xs" c="dimmed">score of 100</Text></div>
        <Stack gap={6}>
          {result.risk_band && <BandBadge band={result.risk_band} />}
          {result.score_confidence && <Text size="sm" c="dimmed">{result.score_confidence.toLowerCase()} confidence</Text>}
        </Stack>
        {result.flags && result.flags.length > 0 && <Alert color="yellow" p="xs" title="Flags">{result.flags.join(', ')}</Alert>}
      </Group>
      {result.traits && <Traits traits={result.traits} />}
    </Paper>
  );
}

function Quality({quality}: {quality: NonNullable<Result['quality']>}) {
  return (
    <Paper p="md">
      <Title order={2} mb="sm">How the answers were given</Title>
      <Facts of={[
        ['Faster than reading', quality.fast_percent === null ? 'Not measured' : `${quality.fast_percent} %`],
        ['Longest run of one choice', quality.longest_run],
        ['Contradictions', quality.contradictory_pairs],
        ['Answers changed', `${quality.changed_percent} %`],
        ['Left the page', `${quality.focus_lost} times, ${Math.round(quality.away_ms / 1000)} s in all`],
      ]} />
    </Paper>
  );
}

function Permissions({granted, denied}: {granted: string[]; denied: string[]}) {
  return <Paper p="md"><Title order={2} mb="sm">Permissions</Title><Facts of={[['Granted', granted.join(', ') || 'None'], ['Denied', denied.join(', ') || 'None']]} /></Paper>;
}

export default function JourneyPage() {
  const {id = ''} = useParams();
  const {integration_id} = usePlace();
  const query = useQuery({
    queryKey: ['result', id],
    queryFn: () => body(api.GET('/v1/results/{session_id}', {params: {path: {session_id: id}, query: {integration_id}}})),
    refetchInterval: ({state}) => (state.data && over.has(state.data.state) ? false : 3000),
  });
  return (
    <Asked query={query}>
      {(result) => (
        <>
          <Heading
            title={result.uid} back={[`/i/${integration_id}/journeys`, 'Journeys']} says={<>Began <When at={result.started_at} /> on {result.platform}</>}
            shown={<Group gap="sm" component="span">{result.uid}<StateBadge state={result.state} size="lg" /></Group>}
          />
          <SimpleGrid cols={{base: 1, lg: 2}} spacing="md" style={{alignItems: 'start'}}>
            <Stack>
              <Score result={result} />
              {result.quality && <Quality quality={result.quality} />}
              {result.permissions_granted && <Permissions granted={result.permissions_granted} denied={result.permissions_denied ?? []} />}
              <Paper p="md">
                <Facts of={[
                  ['Answered', `${result.progress.done} of ${result.progress.required}`],
                  ['Ended', <When at={result.ended_at} />],
                  ['Reasons', result.reasons.join(', ') || 'None'],
                  ['Session id', <Copied text={id} />],
                ]} />
              </Paper>
            </Stack>
            <JourneyTimeline result={result} />
          </SimpleGrid>
          {result.answers.length > 0 && <Answers answers={result.answers} />}
        </>
      )}
    </Asked>
  );
}
