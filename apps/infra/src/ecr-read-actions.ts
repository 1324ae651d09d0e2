/** What reading an image takes. `look`: the deploy Lambda reads heads. `pull`: an instance fetches the image. */
export const ECR_READ_ACTIONS = {
  look: ["ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"],
  pull: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
} as const;
