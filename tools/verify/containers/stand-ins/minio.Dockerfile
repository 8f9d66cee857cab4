ARG BASE
FROM ${BASE}
COPY minio mc /usr/bin/
ENTRYPOINT ["minio"]
