import {Badge, Button, Card, Group, SimpleGrid, Text, Title} from '@mantine/core';
import {useDisclosure} from '@mantine/hooks';
import {Boxes, FlaskConical, Plus, Radio} from 'lucide-react';
import {Link} from 'react-router-dom';

import {useDeployments} from '../../api/environment';
import {useLocalPages} from '../../api/pages';
import type {Deployment} from '../../api/shapes';
import {AdminOnly} from '../../parts/admin_only';
import {Heading} from '../../parts/heading';
import {Asked, Empty} from '../../parts/states';
import {Pager} from '../../parts/table';
import {When} from '../../parts/when';
import {NewDeployment} from './new_deployment';
import {presets} from './presets';

function DeploymentCard({deployment}: {deployment: Deployment}) {
  const to = (environment: 'test' | 'production') => `/i/${deployment.environments[environment].integration_id}/setup`;
  return (
    <Card withBorder padding="lg">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} style={{overflowWrap: 'anywhere'}}>{deployment.name}</Title>
        <Badge variant="light" color="post" radius="sm" tt="none" style={{flex: 'none'}}>{presets[deployment.preset ?? 'assessment'].name}</Badge>
      </Group>
      <Text size="sm" c="dimmed" mt={4}>Created <When at={deployment.created_at} /></Text>
      <Group mt="md" gap="xs">
        <Button component={Link} to={to('test')} size="xs" variant="light" color="yellow" leftSection={<FlaskConical size={14} />}>Test</Button>
        <Button component={Link} to={to('production')} size="xs" variant="light" color="teal" leftSection={<Radio size={14} />}>Production</Button>
      </Group>
    </Card>
  );
}

function Cards({deployments}: {deployments: Deployment[]}) {
  const pages = useLocalPages(deployments, 24);
  return (
    <>
      <SimpleGrid cols={{base: 1, sm: 2, lg: 3}}>{pages.rows?.map((each) => <DeploymentCard key={each.id} deployment={each} />)}</SimpleGrid>
      <Pager pages={pages} />
    </>
  );
}

export default function DeploymentList() {
  const query = useDeployments();
  const [is_open, {open, close}] = useDisclosure();
  const make = <AdminOnly><Button leftSection={<Plus size={16} />} onClick={open}>New deployment</Button></AdminOnly>;
  return (
    <>
      <Heading title="Deployments" says="One for each product or use case. Each has a test and a production environment that share nothing.">{make}</Heading>
      <Asked query={query}>
        {({data}) => data.length === 0
          ? <Empty icon={Boxes} title="Make your first deployment" action={make}>It gives you two API keys, one for trying out and one for the real thing.</Empty>
          : <Cards deployments={data} />}
      </Asked>
      <NewDeployment is_open={is_open} close={close} />
    </>
  );
}
