/* SPDX-License-Identifier: MIT */
/* The settings of a connection. */
#ifndef NG_SQLITE_CONFIG_H
#define NG_SQLITE_CONFIG_H

#include "sqlite/connection.h"

/* Set what ngram_config() sets from the environment variables that config.c
   names. Returns SQLITE_OK, SQLITE_NOMEM, or an error with *message, which the
   caller frees with sqlite3_free(), naming the bad variable. */
int ng_config_read_environment(struct ng_connection *connection,
                               char **message);

#endif
